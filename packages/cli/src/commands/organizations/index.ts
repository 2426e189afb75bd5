import type { Command } from '../../program/define-command.ts';

export const organizationsCommands: readonly Command[] = [];
