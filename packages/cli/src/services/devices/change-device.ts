import type { Output } from '@cloudchamber/contract/client';
import type { Context } from '../../program/context.ts';
import { findDevice, withDevice } from './find-device.ts';

interface Place {
  /** Id or name. */
  readonly device: string;
  readonly product?: string | undefined;
}

interface Change {
  readonly name?: string;
  /** Null takes them away. */
  readonly notes?: string | null;
}

/** Changes a device's name or notes. @returns what it has now */
export async function changeDevice(
  { cloud }: Pick<Context, 'cloud'>,
  { device, product }: Place,
  body: Change,
): Promise<Output<'updateDevice'>> {
  return withDevice<Output<'updateDevice'>>(cloud, device, product, (deviceId) =>
    product === undefined
      ? cloud.call('updateDevice', { params: { deviceId }, body })
      : cloud.call('updateProductDevice', { params: { productIdOrSlug: product, deviceId }, body }),
  );
}

/** Whether a device answers now. */
export async function pingDevice({ cloud }: Pick<Context, 'cloud'>, { device, product }: Place) {
  const { id, name } = await findDevice(cloud, device, product);
  const { online } = await (product === undefined
    ? cloud.call('pingDevice', { params: { deviceId: id } })
    : cloud.call('pingProductDevice', { params: { productIdOrSlug: product, deviceId: id } }));
  return { id, name, online };
}
