import type { Command } from '../../program/define-command.ts';

export const firmwareCommands: readonly Command[] = [];
