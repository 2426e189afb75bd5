import type { Command } from '../../program/define-command.ts';
import { history } from './history.ts';
import { publish } from './publish.ts';
import { replay } from './replay.ts';
import { subscribe } from './subscribe.ts';

export const eventsCommands: readonly Command[] = [subscribe, publish, history, replay];
