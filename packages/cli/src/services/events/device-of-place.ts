import type { Cloud } from '../../cloud/cloud.ts';
import { usageError } from '../../failure/cli-error.ts';
import { findDevice } from '../devices/find-device.ts';
import type { Place } from '../place.ts';
import { isDeviceId, productDeviceId } from '../products/find-product-device.ts';

/**
 * The id of a device of a place, by its id or name.
 * @throws CliError of kind `not-found`; `usage` for a name in an organization, whose products may have several of it
 */
export async function deviceIdOfPlace(cloud: Pick<Cloud, 'call'>, place: Place, device: string): Promise<string> {
  if (place.kind === 'product') return productDeviceId(cloud, place.product, device);
  if (place.kind === 'own') return (await findDevice(cloud, device)).id;
  if (isDeviceId(device)) return device.toLowerCase();
  throw usageError(`With --org a device is named by its id, not "${device}"`, 'See "chamber product device list".');
}
