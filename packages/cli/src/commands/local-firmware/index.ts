import type { Command } from '../../program/define-command.ts';
import { update } from './update.ts';

export const localFirmwareCommands: readonly Command[] = [update];
