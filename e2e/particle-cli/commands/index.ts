import { accountCommands } from './account.ts';
import type { Commands } from './command.ts';
import { deviceCommands } from './devices.ts';
import { eventCommands } from './events.ts';
import { firmwareCommands } from './firmware.ts';
import { integrationCommands } from './integrations.ts';
import { cableCommands, laterCommands, localCommands, makersCommands } from './not-here.ts';
import { productCommands } from './products.ts';

/** Every command of the command line, by the chapter of the table that it stands in. */
export const GROUPS: Readonly<Record<string, Commands>> = {
  Account: accountCommands,
  Devices: deviceCommands,
  Firmware: firmwareCommands,
  Events: eventCommands,
  Integrations: integrationCommands,
  Products: productCommands,
  Later: laterCommands,
  Cable: cableCommands,
  Computer: localCommands,
  Maker: makersCommands,
};
