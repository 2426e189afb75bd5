import type { Command } from '../../program/define-command.ts';

export const localFirmwareCommands: readonly Command[] = [];
