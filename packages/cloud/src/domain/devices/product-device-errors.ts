import { DomainError } from '../domain-error.ts';

/** A device that is not in the product: one that does not exist looks the same. */
export const deviceNotInProduct = () =>
  new DomainError('not_found', 'device.not_in_product', 'Device not found for this product');

/** More than one request may bring. */
export const tooManyDevices = (most: number) =>
  new DomainError(
    'too_large',
    'device.too_many',
    `At most ${most.toLocaleString('en-US')} devices can be sent at once: split them over several requests`,
  );
