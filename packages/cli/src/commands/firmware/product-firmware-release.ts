import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, listOption, wholeNumber } from '../../program/parameters.ts';

export const productFirmwareRelease = defineCommand({
  name: 'product firmware release',
  summary: 'Release a version to groups, or to all by default',
  details:
    'Shows how many devices it updates, and asks. What is named stands from now on: the default and groups that are not named have this version no more.',
  args: {
    product: argument('id or slug', { complete: 'product' }),
    version: argument('a version that a device of the product has run'),
  },
  options: {
    groups: listOption('--group <name>', 'to the devices of this group; may be repeated'),
    isDefault: flag('--default', 'to all devices that no group decides for'),
    now: flag('--now', 'devices that are online get it at once, not at their next handshake'),
    intelligent: flag('--intelligent', 'the same as --now', { hidden: true }),
    withdraw: flag('--withdraw', 'take its release back'),
  },
  examples: [
    { line: 'product firmware release 12345 7 --group beta', says: 'to one group' },
    { line: 'product firmware release 12345 7 --default --now --yes', says: 'to all, at once, without a question' },
  ],
  json: 'the version, as the API has it, with `impact`: `{ total, by_version }`',
  async run({ version, now, intelligent, ...input }, context) {
    const { releaseFirmware } = await import('../../services/firmware/release-firmware.ts');
    const number = wholeNumber(version, '<version>', { least: 1, most: 65_535 });
    return releaseFirmware({ ...input, version: number, now: now || intelligent }, context);
  },
});
