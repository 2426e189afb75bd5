import type { Command } from '../../program/define-command.ts';
import { completion } from './completion.ts';

export const completionCommands: readonly Command[] = [completion];
