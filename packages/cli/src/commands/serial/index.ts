import type { Command } from '../../program/define-command.ts';

export const serialCommands: readonly Command[] = [];
