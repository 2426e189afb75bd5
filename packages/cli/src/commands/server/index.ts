import type { Command } from '../../program/define-command.ts';
import { backup } from './backup.ts';
import { serverKeysList } from './keys-list.ts';
import { serverKeysRetire } from './keys-retire.ts';
import { serverKeysRotate } from './keys-rotate.ts';
import { serverKeysSave } from './keys-save.ts';
import { serverProvision } from './provision.ts';
import { restore } from './restore.ts';
import { serve } from './serve.ts';
import { serverStatus } from './status.ts';

export const serverCommands: readonly Command[] = [
  serve,
  backup,
  restore,
  serverStatus,
  serverKeysSave,
  serverKeysList,
  serverKeysRotate,
  serverKeysRetire,
  serverProvision,
];
