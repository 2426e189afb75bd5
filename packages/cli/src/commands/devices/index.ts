import type { Command } from '../../program/define-command.ts';
import { add } from './add.ts';
import { call } from './call.ts';
import { doctor } from './doctor.ts';
import { functionList } from './function-list.ts';
import { get } from './get.ts';
import { info } from './info.ts';
import { list } from './list.ts';
import { monitor } from './monitor.ts';
import { notes } from './notes.ts';
import { nyan } from './nyan.ts';
import { ping } from './ping.ts';
import { remove } from './remove.ts';
import { rename } from './rename.ts';
import { variableList } from './variable-list.ts';

export const devicesCommands: readonly Command[] = [
  list,
  call,
  get,
  functionList,
  variableList,
  monitor,
  nyan,
  add,
  rename,
  remove,
  info,
  ping,
  notes,
  doctor,
];
