import type { Command } from '../../program/define-command.ts';

export const keysCommands: readonly Command[] = [];
