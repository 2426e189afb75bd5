import type { Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { inProduct } from './find-product.ts';

export type ProductDevice = Output<'listProductDevices'>['devices'][number];

/** A device of a product, by its id in any case, its name or its serial number. @throws CliError of kind `not-found`, or `usage` when several have that name */
export async function findProductDevice(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  device: string,
): Promise<ProductDevice> {
  const params = { productIdOrSlug: product };
  if (isDeviceId(device)) {
    const found = cloud.call('getProductDevice', { params: { ...params, deviceId: device.toLowerCase() } });
    return inProduct(product, found);
  }
  const query = { search: device, perPage: 1000 };
  const { devices } = await inProduct(product, cloud.call('listProductDevices', { params, query }));
  return theOne(devices, device, product);
}

/** The id of such a device: the same, without a request for what is an id already. */
export async function productDeviceId(cloud: Pick<Cloud, 'call'>, product: string, device: string): Promise<string> {
  return isDeviceId(device) ? device.toLowerCase() : (await findProductDevice(cloud, product, device)).id;
}

/** 24 hex digits. */
export function isDeviceId(word: string): boolean {
  return /^[0-9a-f]{24}$/i.test(word);
}

/** The one whose name or serial number it is; letters of another case only count when nothing else does. */
function theOne(devices: readonly ProductDevice[], word: string, product: string): ProductDevice {
  const lower = word.toLowerCase();
  const rules: readonly ((device: ProductDevice) => boolean)[] = [
    ({ name }) => name === word,
    ({ name }) => name.toLowerCase() === lower,
    ({ serial_number: serial }) => serial?.toLowerCase() === lower,
  ];
  for (const fits of rules) {
    const [one, ...others] = devices.filter(fits);
    if (one === undefined) continue;
    if (others.length === 0) return one;
    const ids = [one, ...others].map(({ id }) => id).join(', ');
    throw usageError(`Several devices are called "${word}": ${ids}`, 'Name the device by its id.');
  }
  throw new CliError('not-found', `There is no device "${word}" in the product ${product}`, {
    next: `See "chamber product device list ${product}".`,
  });
}
