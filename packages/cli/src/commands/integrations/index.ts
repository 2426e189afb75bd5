import type { Command } from '../../program/define-command.ts';
import { copy, failed, logs, replay } from './deliveries.ts';
import { disable, enable, get, test, update } from './manage.ts';
import { nounCommands } from './noun-commands.ts';

export const integrationsCommands: readonly Command[] = [
  ...nounCommands('webhook'),
  ...nounCommands('integration'),
  get,
  update,
  enable,
  disable,
  test,
  logs,
  failed,
  replay,
  copy,
];
