import { flag, restArguments, textOption } from '../../program/parameters.ts';

/** Which devices a command over USB is for. */
export const devicesArguments = {
  devices: restArguments('ids or names of devices; none when there is only one', { complete: 'device' }),
};

export const devicesOptions = {
  all: flag('--all', 'every device on USB'),
  product: textOption('--product <product>', 'names are those of devices of this product', { complete: 'product' }),
};

export const NEVER_RUN = 'This was tested against a scripted device, and never run with real hardware.';
