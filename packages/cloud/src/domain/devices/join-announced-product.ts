import type { Admission, ConnectAttempt } from '@cloudchamber/gateway';
import type { Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { findProduct, type Product } from '../products/index.ts';
import { lockTeam } from '../teams/index.ts';
import { announcedProduct } from './announced-product.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import type { DeviceWrites } from './device-writes.ts';
import { ownersAllowedIn } from './product-device.ts';
import { joinProduct } from './product-device-store.ts';
import { findQuarantine, leaveQuarantine, quarantineDevice } from './quarantine-store.ts';
import { firmwareTargets } from './target-topic.ts';

interface Rules {
  readonly store: Store;
  readonly log: Logger;
}

type Membership = Pick<Device, 'ownerId' | 'productId'>;

/**
 * May a device with a valid key connect as the product that its firmware announces? A member may, and so may one that announces none. Of the
 * others only those are refused that the product denied, and all where it refuses unknown devices.
 * @param device undefined for one that was not known before
 */
export async function admitToProduct(
  { store, log }: Rules,
  attempt: ConnectAttempt,
  device: Membership | undefined,
): Promise<Admission> {
  const productId = announcedProduct(attempt.hello);
  if (productId === null || device?.productId === productId) return { admitted: true };
  const quarantine = await findQuarantine(store.db, productId, attempt.deviceId);
  if (quarantine?.denied) return { admitted: false, reason: 'denied' };
  const product = await findProduct(store.db, productId);
  if (product === undefined || product.platformId !== attempt.hello.platformId) return { admitted: true };
  if (product.settings.unknown_devices !== 'refuse') return { admitted: true };
  log.warn({ device: attempt.deviceId, product: productId }, 'refused a device that is not in the product');
  return { admitted: false, reason: 'denied' };
}

/**
 * After Hello: puts a device that announces a product in which it isn't into it or into its quarantine, as the product wishes (CON-17). Nothing
 * happens when the product isn't known or is for other hardware, or is being deleted. Resolves when it is stored.
 * @param joins one write a transaction: each holds its product before it touches the device
 * @param device as it is known now
 */
export async function joinAnnouncedProduct(
  { store, log }: Rules,
  bus: Bus,
  joins: DeviceWrites,
  attempt: ConnectAttempt,
  device: Membership,
): Promise<void> {
  const { deviceId: id, hello, at } = attempt;
  const productId = announcedProduct(hello);
  if (productId === null || device.productId === productId) return;
  const product = await findProduct(store.db, productId);
  if (product === undefined) {
    log.info({ device: id, product: productId }, 'a device announces a product that there is not');
    return;
  }
  if (product.platformId !== hello.platformId) {
    log.warn(
      { device: id, product: productId, platform: hello.platformId },
      'a device announces a product for other hardware',
    );
    return;
  }
  const mayBeMember = await mayJoin(store, product, device);
  if (!mayBeMember && (await findQuarantine(store.db, productId, id)) !== undefined) return;
  const ownerIds = device.ownerId === null ? [] : [device.ownerId];
  let joined = false;
  let gone = false;
  await joins.run(async (db) => {
    gone = !(await lockTeam(db, { kind: 'product', id: String(productId) }));
    if (gone) return;
    if (mayBeMember) joined = (await joinProduct(db, [id], { productId, from: null, ownerIds, at })).length > 0;
    if (joined) await leaveQuarantine(db, productId, [id]);
    else await quarantineDevice(db, productId, id, at);
  });
  if (gone) return;
  if (joined) {
    bus.publish(deviceChanges, { deviceId: id, productId });
    bus.publish(firmwareTargets, { productId, deviceIds: [id] });
  }
  log.info({ device: id, product: productId }, joined ? 'device joined its product' : 'device is in quarantine');
}

async function mayJoin(store: Store, product: Product, { ownerId, productId }: Membership): Promise<boolean> {
  if (product.settings.unknown_devices !== 'approve' || productId !== null) return false;
  return ownerId === null || (await ownersAllowedIn({ store }, product, [ownerId])).has(ownerId);
}
