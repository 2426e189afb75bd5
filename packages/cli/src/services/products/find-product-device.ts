import type { Cloud } from '../../cloud/cloud.ts';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { inProduct } from './find-product.ts';
import { type DeviceFilter, listProductDevices, type ProductDevice } from './list-product-devices.ts';

export type { ProductDevice };

/**
 * A device of a product, by its id in any case, its name or its serial number; letters of another case only count when no name is the same.
 * @throws CliError of kind `not-found`, or `usage` when several have that name
 */
export async function findProductDevice(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  device: string,
): Promise<ProductDevice> {
  if (isDeviceId(device)) {
    const params = { productIdOrSlug: product, deviceId: device.toLowerCase() };
    return inProduct(product, cloud.call('getProductDevice', { params }));
  }
  // By name first: parts of ids are in most searches of a large product.
  const called = await devicesWith(cloud, product, { deviceName: device }, ({ name }) => same(name, device));
  const exact = called.filter(({ name }) => name === device);
  const found = exact.length > 0 ? exact : called;
  if (found.length > 0) return theOne(found, device, product);
  const serial = { serialNumber: device };
  const fits = ({ serial_number: number }: ProductDevice) => number !== null && same(number, device);
  return theOne(await devicesWith(cloud, product, serial, fits), device, product);
}

/** The id of such a device: the same, without a request for what is an id already. */
export async function productDeviceId(cloud: Pick<Cloud, 'call'>, product: string, device: string): Promise<string> {
  return isDeviceId(device) ? device.toLowerCase() : (await findProductDevice(cloud, product, device)).id;
}

/** 24 hex digits. */
export function isDeviceId(word: string): boolean {
  return /^[0-9a-f]{24}$/i.test(word);
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

async function devicesWith(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  filter: DeviceFilter,
  fits: (device: ProductDevice) => boolean,
): Promise<ProductDevice[]> {
  const found: ProductDevice[] = [];
  for await (const { devices } of listProductDevices(cloud, product, { filter, all: true })) {
    found.push(...devices.filter(fits));
  }
  return found;
}

function theOne([one, ...others]: readonly ProductDevice[], word: string, product: string): ProductDevice {
  if (one === undefined) {
    throw new CliError('not-found', `There is no device "${word}" in the product ${product}`, {
      next: `See "chamber product device list ${product}".`,
    });
  }
  if (others.length === 0) return one;
  const ids = [one, ...others].map(({ id }) => id).join(', ');
  throw usageError(`Several devices are called "${word}": ${ids}`, 'Name the device by its id.');
}
