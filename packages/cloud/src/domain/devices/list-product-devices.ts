import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { ProductContext } from '../products/index.ts';
import { findGroupsOfDevices } from './groups/group-store.ts';
import { findOwnerNames, type OwnerNames } from './owner-names.ts';
import { type ProductDevice, withoutPrivateParts } from './product-device.ts';
import {
  countProductDevices,
  findProductDeviceIds,
  findProductDevices,
  type ListedDevice,
  type ProductDeviceFilter,
  type ProductDeviceOrder,
} from './product-device-store.ts';

export interface ListProductDevicesInput {
  readonly filter: ProductDeviceFilter;
  /** Only devices that are connected now, or only those that aren't. */
  readonly online?: boolean | undefined;
  readonly order: ProductDeviceOrder;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface ProductDevicePage {
  readonly devices: readonly ProductDevice[];
  /** Of everybody who owns one of them. */
  readonly owners: OwnerNames;
  /** Devices on all pages. */
  readonly total: number;
}

/** One page of the product's devices, those in its quarantine among them (API-26, PRD-25). */
export async function listProductDevices(
  ctx: ProductContext,
  commands: Pick<DeviceCommands, 'isOnline'>,
  input: ListProductDevicesInput,
): Promise<ProductDevicePage> {
  const { db } = ctx.store;
  const { id } = ctx.product;
  const { listed, total } = await (input.online === undefined
    ? pageOf(ctx, input)
    : pageByPresence(ctx, commands, input.online, input));
  const shown = listed.map((one) => (one.quarantined ? { ...one, device: withoutPrivateParts(one.device) } : one));
  const members = shown.filter((one) => !one.quarantined).map((one) => one.device);
  const groups = await findGroupsOfDevices(
    db,
    id,
    members.map((device) => device.id),
  );
  return {
    devices: shown.map((one) => ({ ...one, groups: groups.get(one.device.id) ?? [] })),
    owners: await findOwnerNames(db, members),
    total,
  };
}

interface Listed {
  readonly listed: readonly ListedDevice[];
  readonly total: number;
}

async function pageOf(
  { store: { db }, product: { id } }: ProductContext,
  { filter, order, page, perPage }: ListProductDevicesInput,
): Promise<Listed> {
  const total = await countProductDevices(db, id, filter);
  return { listed: await findProductDevices(db, id, filter, order, { number: page, size: perPage }), total };
}

/** Who is connected now is known in memory only: all ids that pass the rest are read, then the rows of the page. */
async function pageByPresence(
  { store: { db }, product: { id } }: ProductContext,
  commands: Pick<DeviceCommands, 'isOnline'>,
  online: boolean,
  { filter, order, page, perPage }: ListProductDevicesInput,
): Promise<Listed> {
  const found = (await findProductDeviceIds(db, id, filter, order)).filter((one) => commands.isOnline(one) === online);
  const among: DeviceId[] = found.slice((page - 1) * perPage, page * perPage);
  if (among.length === 0) return { listed: [], total: found.length };
  const listed = await findProductDevices(db, id, { ...filter, among }, order, { number: 1, size: perPage });
  return { listed, total: found.length };
}
