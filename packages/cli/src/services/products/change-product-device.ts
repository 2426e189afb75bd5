import type { Input, Output as Reply } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { inProduct } from './find-product.ts';
import { productDeviceId } from './find-product-device.ts';

/** What can be changed of a device of a product. */
export type DeviceChange = Exclude<Input<'updateProductDevice'>['body'], FormData>;

/** What the cloud said about it, without the words that are for people. */
export type ChangedDevice = Reply<'updateProductDevice'>;

/**
 * Changes a device of a product. What the cloud has to say about it goes to stderr: why it may not last, or has no effect yet.
 * @param product id or slug @param device id, name or serial number @throws CliError of kind `not-found`
 */
export async function changeProductDevice(
  { cloud, out }: { readonly cloud: Pick<Cloud, 'call'>; readonly out: Pick<Output, 'warn'> },
  product: string,
  device: string,
  body: DeviceChange,
): Promise<ChangedDevice> {
  const deviceId = await productDeviceId(cloud, product, device);
  const params = { productIdOrSlug: product, deviceId };
  const changed = await inProduct(product, cloud.call('updateProductDevice', { params, body }));
  if (changed.warning !== undefined) out.warn(printable(changed.warning));
  return changed;
}

/** Puts a device into groups, or takes it out of some; groups that do not exist are made. @returns its groups then */
export async function changeDeviceGroups(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  device: string,
  change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): Promise<{ readonly id: string; readonly groups: readonly string[] }> {
  const id = await productDeviceId(cloud, product, device);
  const params = { productIdOrSlug: product };
  const metadata = { add: [...(change.add ?? [])], remove: [...(change.remove ?? [])] };
  const body = { action: 'groups' as const, devices: [id], metadata };
  await inProduct(product, cloud.call('changeDeviceGroups', { params, body }));
  const { groups } = await cloud.call('getProductDevice', { params: { ...params, deviceId: id } });
  return { id, groups };
}

/** The groups of a device in a line. */
export function groupsLine(id: string, groups: readonly string[]): string {
  return groups.length === 0 ? `${id} is in no group` : `${id} is in: ${printable(groups.join(', '))}`;
}
