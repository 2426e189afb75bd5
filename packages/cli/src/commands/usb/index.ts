import type { Command } from '../../program/define-command.ts';

export const usbCommands: readonly Command[] = [];
