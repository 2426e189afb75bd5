import type { DeviceId } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { findDevice } from './device-store.ts';

/** The public key that is registered for a device, as DER SPKI; undefined when the device or its key is not known. */
export async function registeredKey(store: Store, id: DeviceId): Promise<Uint8Array | undefined> {
  return (await findDevice(store.db, id))?.publicKey ?? undefined;
}
