import type { Command } from '../../program/define-command.ts';
import { flash } from './flash.ts';
import { identify } from './identify.ts';
import { inspect } from './inspect.ts';
import { list } from './list.ts';
import { mac } from './mac.ts';
import { serialMonitor } from './monitor.ts';
import { wifi } from './wifi.ts';

export const serialCommands: readonly Command[] = [identify, list, serialMonitor, wifi, inspect, mac, flash];
