import { expect } from 'vitest';
import { type Commands, needsUsb, noCloud, notApplicable, notYet } from './command.ts';

const NO_LIBRARIES = 'There are no libraries on this server yet.';
const NO_LOGIC = 'There are no logic functions on this server yet.';
const NO_ENVIRONMENT = 'There are no environment variables on this server yet.';
const NO_SECRETS = 'There are no secrets on this server yet.';
const PROJECT = { 'project.properties': 'name=lamp\n' };

const USB = [
  'list',
  'start-listening',
  'listen',
  'stop-listening',
  'safe-mode',
  'dfu',
  'reset',
  'setup-done',
  'configure',
];
const USB_ONLINE = ['cloud-status', 'network-interfaces', 'env', 'send-request'];

const under = (category: string, verbs: readonly string[]) => verbs.map((verb) => `${category} ${verb}`);

export const laterCommands: Commands = [
  notYet(under('library', ['list', 'search', 'view']), NO_LIBRARIES, [
    ['library', 'search', 'OneWire'],
    ['library', 'view', 'OneWire'],
  ]),
  notYet(
    under('library', ['add', 'copy', 'install', 'upload', 'publish', 'delete']),
    NO_LIBRARIES,
    [
      ['library', 'add', 'OneWire'],
      ['library', 'publish', 'OneWire'],
    ],
    PROJECT,
  ),
  notYet(
    under('logic-function', ['list', 'get', 'create', 'execute', 'deploy', 'disable', 'enable', 'delete', 'logs']),
    NO_LOGIC,
    [
      ['logic-function', 'list'],
      ['lf', 'get', '--name', 'lamp'],
    ],
  ),
  notYet(under('config env', ['list', 'set', 'delete']), NO_ENVIRONMENT, [
    ['config', 'env', 'list', '--sandbox'],
    ['config', 'env', 'set', 'A=1', '--sandbox'],
  ]),
  notYet(under('config secrets', ['list', 'get', 'set', 'delete']), NO_SECRETS, [
    ['config', 'secrets', 'list', '--sandbox'],
    ['config', 'secrets', 'set', 'A=1', '--sandbox'],
  ]),
];

export const cableCommands: Commands = [
  needsUsb(under('usb', [...USB, ...USB_ONLINE]), '', [
    ['usb', 'list'],
    ['usb', 'reset', '0123456789abcdef01234567'],
  ]),
  needsUsb(under('keys', ['new', 'load', 'save', 'doctor']), '', [['keys', 'new', 'device.der']]),
  needsUsb(
    under('keys', ['server', 'address']),
    '`npm run chamber -- server keys` makes the file with the key and the address of this cloud that goes onto a device.',
    [['keys', 'address']],
  ),
  needsUsb(['update'], 'Versions of Device OS are not listed on this server yet.', [['update']]),
  needsUsb(['identify'], '', [['identify']]),
  needsUsb(under('serial', ['list', 'monitor', 'identify', 'wifi', 'mac', 'inspect', 'flash']), '', [
    ['serial', 'list'],
  ]),
  needsUsb(under('wifi', ['add', 'join', 'clear', 'list', 'remove', 'current']), '', [['wifi', 'list']]),
  needsUsb(
    under('device-protection', ['status', 'disable', 'enable']),
    'Protection itself needs keys that only the maker of the devices has.',
    [['device-protection', 'status']],
  ),
];

export const makersCommands: Commands = [
  notApplicable(
    under('tachyon', ['setup', 'download-package', 'clean-cache', 'backup', 'restore', 'identify', 'factory-restore']),
    'Linux boards of the maker, set up from files on its own servers. Not run.',
  ),
  notApplicable(
    under('container', ['run', 'push', 'list', 'remove', 'configure-docker']),
    'Containers for those boards, in a registry of the maker. Not run.',
  ),
  notApplicable(under('esim', ['provision', 'enable', 'delete', 'list']), 'For the staff of the maker. Not run.'),
  notApplicable(['update-cli'], 'Asks a server of the maker for a newer command line. Not run.'),
];

export const localCommands: Commands = [
  noCloud(['help', 'version'], '', async ({ terminals }) => {
    const { particle } = await terminals.open();
    expect((await particle(['version'])).text).toMatch(/^\d+\.\d+\.\d+$/m);
    expect((await particle(['help'])).text).toContain('Usage: particle <command>');
  }),
  noCloud(
    ['preprocess', 'project create', 'project ai', 'library create', 'library migrate'],
    '',
    async ({ terminals }) => {
      const { particle } = await terminals.open();
      const { code, text } = await particle(['project', 'create', '--name', 'lamp', '.']);
      expect([code, text]).toEqual([0, expect.stringContaining('project has been initialized')]);
    },
  ),
  noCloud(['udp send', 'udp listen'], 'Packets between computers on the same network. Not run.'),
];
