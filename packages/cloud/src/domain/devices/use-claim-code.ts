import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Clock, DeviceId, Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { digest } from '../accounts/index.ts';
import { findCustomer } from '../customers/index.ts';
import { findClaimCodes, type StoredClaimCode, takeClaimCode } from './claim-code-store.ts';
import { isClaimCode, type ModemIdentity, modemHash } from './claim-codes.ts';
import { type Claimant, mayOwn } from './claim-rules.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { changeOwner, findDevice } from './device-store.ts';

export interface ClaimingParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly commands: Pick<DeviceCommands, 'deliver'>;
}

/** Whatever comes under a name like this, a device forgets its code (protocol section 7.2). */
const FORGET_CODE = 'spark/device/claim/success';

/**
 * Claims a device with the code that it brought, for whoever asked for the code (CLM-05, CLM-08). The code is used up then, and the device told to
 * forget it. A code that is unknown, expired or not for this device changes nothing.
 */
export async function useClaimCode(parts: ClaimingParts, deviceId: DeviceId, code: string): Promise<void> {
  const refuse = (reason: string) => parts.log.info({ device: deviceId, reason }, 'claim code ignored');
  if (!isClaimCode(code)) return refuse('malformed');
  const device = await findDevice(parts.store.db, deviceId);
  const [stored] = await findClaimCodes(parts.store.db, [digest(code)], parts.clock.now());
  if (device === undefined || stored === undefined) return refuse('unknown or expired');
  if (!(await isClaimable(parts, device, stored))) return refuse('not for this device');
  if (!(await claim(parts, device, stored))) return refuse('used in the same moment');
  void parts.commands.deliver(deviceId, { name: FORGET_CODE, data: Buffer.from('claimed'), contentFormat: 0 });
}

/** Claims a device that nobody owns for whoever waits for its ICCID or IMEI, as far as it has told them. */
export async function claimByModem(parts: Omit<ClaimingParts, 'commands'>, deviceId: DeviceId): Promise<void> {
  const device = await findDevice(parts.store.db, deviceId);
  if (device === undefined || device.ownerId !== null) return;
  const hashes = modemsOf(device).map(modemHash);
  if (hashes.length === 0) return;
  for (const stored of await findClaimCodes(parts.store.db, hashes, parts.clock.now())) {
    if ((await isClaimable(parts, device, stored)) && (await claim(parts, device, stored))) return;
  }
}

function modemsOf({ iccid, imei }: Device): ModemIdentity[] {
  return [
    ...(iccid === null ? [] : [{ kind: 'iccid', value: iccid } as const]),
    ...(imei === null ? [] : [{ kind: 'imei', value: imei } as const]),
  ];
}

async function isClaimable(
  parts: Pick<ClaimingParts, 'store'>,
  device: Device,
  code: StoredClaimCode,
): Promise<boolean> {
  if (code.product_id !== null && code.product_id !== device.productId) return false;
  const claimant = claimantOf(code);
  if (claimant === undefined || !(await mayOwn(parts, claimant, device))) return false;
  if (device.ownerId === null || device.ownerId === code.owner_id) return true;
  // Whoever holds a product's device in the hand may take it over from the customer before.
  const owner = code.product_id === null ? undefined : await findCustomer(parts.store.db, device.ownerId);
  return owner !== undefined && owner.productId === code.product_id;
}

function claimantOf({ owner_kind, owner_id: id, product_id: productId }: StoredClaimCode): Claimant | undefined {
  if (owner_kind === 'user') return { kind: 'user', id };
  return productId === null ? undefined : { kind: 'customer', id, productId };
}

class OwnerChanged extends Error {}

/** @returns false when the code was used or the device claimed by something else meanwhile; nothing is changed then. */
async function claim(
  { store, bus, clock, log }: Omit<ClaimingParts, 'commands'>,
  device: Device,
  code: StoredClaimCode,
): Promise<boolean> {
  const { id, ownerId } = device;
  const at = clock.now();
  try {
    const taken = await store.db.transaction().execute(async (db) => {
      if (!(await takeClaimCode(db, code.code_hash, at))) return false;
      if (ownerId === code.owner_id || (await changeOwner(db, id, ownerId, code.owner_id, at))) return true;
      throw new OwnerChanged();
    });
    if (!taken) return false;
  } catch (error) {
    if (error instanceof OwnerChanged) return false;
    throw error;
  }
  bus.publish(deviceChanges, { deviceId: id, ownerId: code.owner_id });
  log.info({ device: id, owner: code.owner_id }, 'device claimed by a code');
  return true;
}
