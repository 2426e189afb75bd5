import type { Command } from '../../program/define-command.ts';

export const eventsCommands: readonly Command[] = [];
