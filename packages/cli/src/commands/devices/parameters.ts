import { argument, textOption } from '../../program/parameters.ts';

export const deviceArgument = argument('Id or name of the device', { complete: 'device' });

export const productOption = textOption('--product <product>', 'a device of this product: its number or slug', {
  complete: 'product',
});
