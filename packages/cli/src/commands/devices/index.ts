import type { Command } from '../../program/define-command.ts';

export const devicesCommands: readonly Command[] = [];
