import type { Cloud } from '../../cloud/cloud.ts';
import { printable } from '../../output/printable.ts';
import { confirm } from '../../prompts/confirm.ts';
import type { Prompts } from '../../prompts/prompts.ts';
import { inProduct } from './find-product.ts';
import { productDeviceId } from './find-product-device.ts';

interface Removal {
  /** Ids, names or serial numbers. */
  readonly devices: readonly string[];
  /** They may not connect as this product any more. */
  readonly deny: boolean;
}

/**
 * Takes devices out of a product, one after the other, after a yes for all of them.
 * @param product id or slug @returns their ids @throws CliError of kind `not-found` for the first that is not there: those before it are removed
 */
export async function removeProductDevices(
  { cloud, ask }: { readonly cloud: Pick<Cloud, 'call'>; readonly ask: Pick<Prompts, 'confirm'> },
  product: string,
  { devices, deny }: Removal,
): Promise<string[]> {
  const ids: string[] = [];
  for (const device of devices) {
    const id = await productDeviceId(cloud, product, device);
    if (!ids.includes(id)) ids.push(id);
  }
  const which = devices.length === 1 ? printable(devices[0] ?? '') : `${ids.length} devices`;
  await confirm(ask, `${deny ? 'Remove and deny' : 'Remove'} ${which} from product ${product}?`);
  for (const id of ids) {
    const params = { productIdOrSlug: product, deviceId: id };
    await inProduct(product, cloud.call('removeProductDevice', { params, body: { deny } }));
  }
  return ids;
}
