import type { Command } from '../../program/define-command.ts';

export const completionCommands: readonly Command[] = [];
