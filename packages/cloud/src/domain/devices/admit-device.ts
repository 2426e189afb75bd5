import type { Admission, ConnectAttempt } from '@cloudchamber/gateway';
import type { Logger } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { defaultName } from './device-name.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { admitToProduct } from './join-announced-product.ts';

export interface AdmissionRules {
  readonly store: Store;
  readonly log: Logger;
  /** Stores the key of a device that has none yet (CHAMBER_TRUST_FIRST_KEY). */
  readonly trustFirstKey: boolean;
}

/**
 * May this device connect with this key (CON-01)? A device's key is registered beforehand: first sight is not trust, unless the operator
 * switched that on, and then for the first key only. One that announces a product is refused when the product doesn't want it.
 */
export async function admitDevice(rules: AdmissionRules, attempt: ConnectAttempt): Promise<Admission> {
  const { deviceId: id, publicKey, at } = attempt;
  const { db } = rules.store;
  const device = await findDevice(db, id);
  if (device?.publicKey) {
    if (Buffer.compare(publicKey, device.publicKey) !== 0) return { admitted: false, reason: 'key_mismatch' };
    return admitToProduct(rules, attempt, device);
  }
  if (!rules.trustFirstKey) {
    return { admitted: false, reason: device === undefined ? 'unknown_device' : 'no_key_registered' };
  }
  const admission = await admitToProduct(rules, attempt, device);
  if (!admission.admitted) return admission;
  if (device === undefined) {
    const { platformId } = attempt.hello;
    const inserted = await insertDevice(db, { id, name: defaultName(id), platformId, publicKey, ownerId: null, at });
    // Two attempts at once: the one that lost is held against the key of the other.
    if (!inserted) return admitDevice({ ...rules, trustFirstKey: false }, attempt);
  } else {
    await changeDevice(db, id, { public_key: publicKey, updated_at: at });
  }
  rules.log.warn({ device: id }, 'trusted the first key of a device');
  return admission;
}
