import type { Command } from '../program/define-command.ts';
import { accountCommands } from './account/index.ts';
import { completionCommands } from './completion/index.ts';
import { devicesCommands } from './devices/index.ts';
import { eventsCommands } from './events/index.ts';
import { firmwareCommands } from './firmware/index.ts';
import { integrationsCommands } from './integrations/index.ts';
import { keysCommands } from './keys/index.ts';
import { localFirmwareCommands } from './local-firmware/index.ts';
import { organizationsCommands } from './organizations/index.ts';
import { productsCommands } from './products/index.ts';
import { serialCommands } from './serial/index.ts';
import { serverCommands } from './server/index.ts';
import { usbCommands } from './usb/index.ts';
import { virtualCommands } from './virtual/index.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...accountCommands,
  ...devicesCommands,
  ...eventsCommands,
  ...firmwareCommands,
  ...localFirmwareCommands,
  ...integrationsCommands,
  ...productsCommands,
  ...organizationsCommands,
  ...keysCommands,
  ...serialCommands,
  ...usbCommands,
  ...serverCommands,
  ...virtualCommands,
  ...completionCommands,
];

/** What groups of commands are for. */
export const groups: ReadonlyMap<string, string> = new Map([
  ['binary', 'Look into firmware files'],
  ['cloud', 'Older names of commands for devices'],
  ['device', 'Devices of your account'],
  ['events', 'Events that were kept'],
  ['function', 'Functions of devices'],
  ['integration', 'Webhooks and other integrations'],
  ['invitation', 'Teams that you are invited to'],
  ['keys', 'Keys of devices and of the cloud'],
  ['org', 'Organizations'],
  ['product', 'Products'],
  ['product customer', 'Customers of a product'],
  ['product device', 'Devices of a product'],
  ['product device group', 'The groups of a device'],
  ['product firmware', 'Firmware of a product'],
  ['product group', 'Groups of devices'],
  ['product rollout', 'Releases in steps'],
  ['product team', 'Who works on a product'],
  ['org team', 'Who works in an organization'],
  ['profile', 'Settings by profile'],
  ['serial', 'Devices on a serial port of this machine'],
  ['server', 'Your own cloud, for who runs it'],
  ['token', 'Access tokens'],
  ['usb', 'Devices on USB of this machine'],
  ['variable', 'Variables of devices'],
  ['virtual', 'Virtual devices'],
  ['webhook', 'Webhooks'],
]);
