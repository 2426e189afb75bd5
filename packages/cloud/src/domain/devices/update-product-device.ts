import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import type { ProductContext } from '../products/index.ts';
import { askDevice } from './ask-device.ts';
import { invalidInput, notAvailable } from './device-errors.ts';
import { MAX_GROUPS, parseGroupNames } from './groups/group.ts';
import { tooManyGroups } from './groups/group-errors.ts';
import { addToGroup, countGroups, ensureGroups, removeFromGroups } from './groups/group-store.ts';
import { holdProduct } from './hold-product.ts';
import { getProductDevice, type ProductDevice, productDevice } from './product-device.ts';
import { deviceNotInProduct } from './product-device-errors.ts';
import { changeMember } from './product-device-store.ts';
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
  /** Sends the firmware that it is locked to at once. */
  readonly flash?: boolean | undefined;
}

const MAX_VERSION = 65_535;

/**
 * Changes a device of the product: as `updateDevice`, and its groups, its development mark and its lock (API-34, API-36). Everything is checked
 * and the device is asked before anything is stored, in one transaction.
 * @returns the device as it is now.
 * @throws DomainError `device.not_in_product`, `device.invalid`, `device.too_many_groups`, `device.timed_out` when it should signal and does not answer,
 *   `device.not_available` for flashing at once.
 */
export async function updateProductDevice(
  ctx: ProductContext,
  bus: Bus,
  commands: DeviceCommands,
  input: UpdateProductDeviceInput,
): Promise<ProductDevice> {
  const device = await productDevice(ctx, input.device);
  const { signal, development, desiredFirmwareVersion: version, flash } = input;
  const fields = parseFields(input);
  const groups = input.groups && parseGroupNames(input.groups);
  if (flash === true) throw notAvailable('flash: sending product firmware at once');
  if (version !== undefined && version !== null && (version < 0 || version > MAX_VERSION)) {
    throw invalidInput(`desired_firmware_version is a number from 0 to ${MAX_VERSION}, or null`);
  }
  const changes = {
    ...fields,
    ...(development !== undefined && { development: development ? 1 : 0 }),
    ...(version !== undefined && { desired_firmware_version: version }),
  };
  if (signal !== undefined) await askDevice(commands.signal(device.id, signal));
  if (groups !== undefined || Object.keys(changes).length > 0) {
    const at = ctx.clock.now();
    const { id: productId } = ctx.product;
    await ctx.store.db.transaction().execute(async (db) => {
      if (groups !== undefined) await holdProduct(db, ctx.product);
      // Before its groups: the device leaves the product before this or after it.
      if (!(await changeMember(db, productId, device.id, { ...changes, updated_at: at }))) throw deviceNotInProduct();
      if (groups === undefined) return;
      await ensureGroups(db, productId, groups, at);
      if ((await countGroups(db, productId)) > MAX_GROUPS) throw tooManyGroups();
      await removeFromGroups(db, productId, [device.id]);
      for (const name of groups) await addToGroup(db, { product_id: productId, name }, [device.id]);
    });
    tellFields(bus, commands, device, fields);
  }
  return getProductDevice(ctx, device.id);
}
