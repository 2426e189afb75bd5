import { argument, choiceOption, restArguments } from '../../program/parameters.ts';

/** The product of a command. */
export const productArgument = argument('Id or slug of the product', { complete: 'product' });

export const productDeviceArgument = argument('Id, name or serial number of the device', { complete: 'device' });

/** At least one device of the product. */
export const productDevicesArgument = restArguments('Ids, names or serial numbers of devices', {
  complete: 'device',
  least: 1,
});

export const unknownDevicesOption = choiceOption(
  '--unknown-devices <what>',
  'what becomes of devices that announce it without belonging to it',
  ['approve', 'quarantine', 'refuse'],
);
