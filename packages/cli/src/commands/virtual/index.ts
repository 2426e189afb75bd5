import type { Command } from '../../program/define-command.ts';
import { virtualList } from './list.ts';
import { virtualStart } from './start.ts';
import { virtualStop } from './stop.ts';

export const virtualCommands: readonly Command[] = [virtualStart, virtualList, virtualStop];
