import type { Command } from '../../program/define-command.ts';

export const productsCommands: readonly Command[] = [];
