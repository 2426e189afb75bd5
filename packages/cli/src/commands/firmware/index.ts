import type { Command } from '../../program/define-command.ts';
import { binaryInspect } from './binary-inspect.ts';
import { flash } from './flash.ts';

export const firmwareCommands: readonly Command[] = [flash, binaryInspect];
