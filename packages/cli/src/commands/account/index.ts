import type { Command } from '../../program/define-command.ts';
import { config } from './config.ts';
import { configGet } from './config-get.ts';
import { configSet } from './config-set.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { setup } from './setup.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { whoami } from './whoami.ts';

export const accountCommands: readonly Command[] = [
  login,
  logout,
  whoami,
  tokenList,
  tokenCreate,
  tokenRevoke,
  config,
  configSet,
  configGet,
  setup,
];
