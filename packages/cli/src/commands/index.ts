import type { Command } from '../program/define-command.ts';

/** Commands that are loaded together, by the first words that they can be called by. */
interface CommandGroup {
  readonly words: readonly string[];
  load(): Promise<readonly Command[]>;
}

/** In the order of the help. A test holds the words against the commands. */
export const commandGroups: readonly CommandGroup[] = [
  {
    words: ['login', 'cloud', 'logout', 'whoami', 'token', 'config', 'profile', 'setup'],
    load: async () => (await import('./account/index.ts')).accountCommands,
  },
  {
    words: ['list', 'cloud', 'device', 'call', 'function', 'get', 'variable', 'monitor', 'nyan', 'doctor'],
    load: async () => (await import('./devices/index.ts')).devicesCommands,
  },
  {
    words: ['subscribe', 'publish', 'events'],
    load: async () => (await import('./events/index.ts')).eventsCommands,
  },
  {
    words: ['flash', 'cloud', 'binary', 'product'],
    load: async () => (await import('./firmware/index.ts')).firmwareCommands,
  },
  {
    words: ['update'],
    load: async () => (await import('./local-firmware/index.ts')).localFirmwareCommands,
  },
  {
    words: ['webhook', 'integration'],
    load: async () => (await import('./integrations/index.ts')).integrationsCommands,
  },
  {
    words: ['product'],
    load: async () => (await import('./products/index.ts')).productsCommands,
  },
  {
    words: ['org', 'invitation'],
    load: async () => (await import('./organizations/index.ts')).organizationsCommands,
  },
  {
    words: ['keys'],
    load: async () => (await import('./keys/index.ts')).keysCommands,
  },
  {
    words: ['serial', 'identify'],
    load: async () => (await import('./serial/index.ts')).serialCommands,
  },
  {
    words: ['usb'],
    load: async () => (await import('./usb/index.ts')).usbCommands,
  },
  {
    words: ['serve', 'backup', 'restore', 'server'],
    load: async () => (await import('./server/index.ts')).serverCommands,
  },
  {
    words: ['virtual'],
    load: async () => (await import('./virtual/index.ts')).virtualCommands,
  },
  {
    words: ['completion'],
    load: async () => (await import('./completion/index.ts')).completionCommands,
  },
];

/** Those that a first word can mean; all of them when it means none: for help, and for what was mistyped. A command line pays for those that it can mean alone. */
export async function commandsFor(word: string | undefined): Promise<readonly Command[]> {
  const meant = commandGroups.filter(({ words }) => word !== undefined && words.includes(word));
  const loaded = await Promise.all((meant.length === 0 ? commandGroups : meant).map((group) => group.load()));
  return loaded.flat();
}

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
