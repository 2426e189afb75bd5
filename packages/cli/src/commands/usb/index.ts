import type { Command } from '../../program/define-command.ts';
import { configure } from './configure.ts';
import { dfu } from './dfu.ts';
import { list } from './list.ts';
import { reset } from './reset.ts';
import { safeMode } from './safe-mode.ts';
import { setupDone } from './setup-done.ts';
import { startListening } from './start-listening.ts';
import { stopListening } from './stop-listening.ts';

export const usbCommands: readonly Command[] = [
  list,
  startListening,
  stopListening,
  safeMode,
  dfu,
  reset,
  setupDone,
  configure,
];
