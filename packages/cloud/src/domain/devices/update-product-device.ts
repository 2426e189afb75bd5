import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/tables.ts';
import type { ProductContext } from '../products/index.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';
import { invalidInput } from './device-errors.ts';
import type { DeviceChanges } from './device-store.ts';
import { MAX_GROUPS, parseGroupNames } from './groups/group.ts';
import { tooManyGroups } from './groups/group-errors.ts';
import { addToGroup, countGroups, ensureGroups, findGroupsOfDevices, removeFromGroups } from './groups/group-store.ts';
import { holdProduct } from './hold-product.ts';
import { getProductDevice, type ProductDevice, productDevice } from './product-device.ts';
import { deviceNotInProduct } from './product-device-errors.ts';
import { changeMember, retargetMembers } from './product-device-store.ts';
import { firmwareTargets } from './target-topic.ts';
import { type DeviceFields, parseFields, tellFields } from './update-device.ts';

/** Any of these may come together; what is absent stays as it is. */
export interface UpdateProductDeviceInput extends DeviceFields {
  /** Id in any case. */
  readonly device: string;
  /** Rainbow LED on or off. */
  readonly signal?: boolean | undefined;
  /** All groups that it is in from now on; those that do not exist are made. */
  readonly groups?: readonly string[] | undefined;
  readonly development?: boolean | undefined;
  /** The product firmware that it is locked to; null unlocks. */
  readonly desiredFirmwareVersion?: number | null | undefined;
  /** Sends the firmware that it is locked to without waiting for its next handshake (OTA-13). */
  readonly flash?: boolean | undefined;
}

/** Refuses a version that devices of the product can't be locked to, within the transaction that locks one. */
export type LockCheck = (db: Kysely<Tables>, productId: number, version: number) => Promise<void>;

/**
 * Changes a device of the product: as `updateDevice`, and its groups, its development mark and its lock (API-34, API-36). Everything is checked
 * and the device is asked before anything is stored, in one transaction. What follows from other groups, another lock, or the end of the development mark waits for the
 * device's next handshake, unless `flash` says otherwise.
 * @returns the device as it is now.
 * @throws DomainError `device.not_in_product`, `device.invalid`, `device.too_many_groups`, `device.timed_out` when it should signal and does not answer;
 *   what `lockCheck` throws.
 */
export async function updateProductDevice(
  ctx: ProductContext,
  bus: Bus,
  commands: DeviceCommands,
  lockCheck: LockCheck,
  input: UpdateProductDeviceInput,
): Promise<ProductDevice> {
  const device = await productDevice(ctx, input.device);
  const { signal, development } = input;
  const fields = parseFields(input);
  const groups = input.groups && parseGroupNames(input.groups);
  const at = ctx.clock.now();
  const lock = lockChanges(device, input);
  const changes: DeviceChanges = {
    ...fields,
    ...(development !== undefined && { development: development ? 1 : 0 }),
    ...lock,
    ...((lock !== undefined || (device.development && development === false)) && { retargeted_at: at }),
  };
  if (signal !== undefined) await askDevice(commands.signal(device.id, signal));
  if (groups !== undefined || Object.keys(changes).length > 0) {
    const { id: productId } = ctx.product;
    const version = lock?.desired_firmware_version ?? null;
    const regrouped = await ctx.store.db.transaction().execute(async (db) => {
      if (groups !== undefined || version !== null) await holdProduct(db, ctx.product);
      if (version !== null) await lockCheck(db, productId, version);
      // Before its groups: the device leaves the product before this or after it.
      if (!(await changeMember(db, productId, device.id, { ...changes, updated_at: at }))) throw deviceNotInProduct();
      return groups !== undefined && setGroups(db, productId, device.id, groups, at);
    });
    tellFields(bus, commands, device, fields);
    if (regrouped || lock !== undefined || development !== undefined) {
      bus.publish(firmwareTargets, { productId, deviceIds: [device.id] });
    }
  }
  return getProductDevice(ctx, device.id);
}

/**
 * What is stored of a lock; undefined when it stays as it is.
 * @throws DomainError `device.invalid` for flashing a device that is not locked
 */
function lockChanges(
  device: Device,
  { desiredFirmwareVersion: version, flash = false }: UpdateProductDeviceInput,
): Pick<DeviceChanges, 'desired_firmware_version' | 'flash_now'> | undefined {
  const lockedTo = version === undefined ? device.desiredFirmwareVersion : version;
  if (flash && lockedTo === null)
    throw invalidInput('flash goes with desired_firmware_version: the version to lock to');
  if (!flash && lockedTo === device.desiredFirmwareVersion) return undefined;
  return { desired_firmware_version: lockedTo, flash_now: flash ? 1 : 0 };
}

/** @returns whether that changes anything */
async function setGroups(
  db: Kysely<Tables>,
  productId: number,
  id: Device['id'],
  groups: readonly string[],
  at: number,
): Promise<boolean> {
  await ensureGroups(db, productId, groups, at);
  if ((await countGroups(db, productId)) > MAX_GROUPS) throw tooManyGroups();
  const before = (await findGroupsOfDevices(db, productId, [id])).get(id) ?? [];
  if (before.length === groups.length && groups.every((name) => before.includes(name))) return false;
  await removeFromGroups(db, productId, [id]);
  for (const name of groups) await addToGroup(db, { product_id: productId, name }, [id]);
  await retargetMembers(db, productId, [id], at);
  return true;
}
