import type { Command } from '../../program/define-command.ts';

export const serverCommands: readonly Command[] = [];
