import type { Cloud } from '../../cloud/cloud.ts';
import { usageError } from '../../failure/cli-error.ts';
import type { Place } from '../place.ts';
import { isDeviceId, productDeviceId } from '../products/find-product-device.ts';

/**
 * What the routes of events take for a device: for the account its id or name, elsewhere its id, which is looked up in a product.
 * @throws CliError of kind `not-found` for an unknown name in a product; `usage` for a name in an organization, whose products may have several of it
 */
export async function deviceOfPlace(cloud: Pick<Cloud, 'call'>, place: Place, device: string): Promise<string> {
  if (place.kind === 'product') return productDeviceId(cloud, place.product, device);
  if (place.kind === 'organization' && !isDeviceId(device)) {
    throw usageError(
      `With --org a device is named by its id, not "${device}"`,
      'See "chamber product device list <product>".',
    );
  }
  return device;
}

/** The id of a device of a place, by its id or name; `api` stands for itself. @throws CliError as `deviceOfPlace`; ApiError for an unknown name */
export async function deviceIdOfPlace(cloud: Pick<Cloud, 'call'>, place: Place, device: string): Promise<string> {
  if (device === 'api') return device;
  if (isDeviceId(device)) return device.toLowerCase();
  if (place.kind !== 'own') return deviceOfPlace(cloud, place, device);
  return (await cloud.call('getDevice', { params: { deviceId: device } })).id;
}
