import type { Command } from '../../program/define-command.ts';

export const virtualCommands: readonly Command[] = [];
