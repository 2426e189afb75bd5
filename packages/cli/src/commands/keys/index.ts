import type { Command } from '../../program/define-command.ts';
import { address } from './address.ts';
import { doctor } from './doctor.ts';
import { load } from './load.ts';
import { newKeys } from './new.ts';
import { protocol } from './protocol.ts';
import { save } from './save.ts';
import { send } from './send.ts';
import { server } from './server.ts';

export const keysCommands: readonly Command[] = [newKeys, load, save, send, server, address, doctor, protocol];
