import type { Command } from '../../program/define-command.ts';
import { whoami } from './whoami.ts';

export const accountCommands: readonly Command[] = [whoami];
