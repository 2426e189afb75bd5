import type { ProductContext } from '../products/index.ts';
import { findGroupsOfDevices } from './groups/group-store.ts';
import { findOwnerNames, type OwnerNames } from './owner-names.ts';
import { type ProductDevice, withoutPrivateParts } from './product-device.ts';
import {
  countProductDevices,
  findProductDevices,
  type ProductDeviceFilter,
  type ProductDeviceOrder,
} from './product-device-store.ts';

export interface ListProductDevicesInput {
  readonly filter: ProductDeviceFilter;
  readonly order: ProductDeviceOrder;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface ProductDevicePage {
  readonly devices: readonly ProductDevice[];
  /** Of everybody who owns one of them. */
  readonly owners: OwnerNames;
  readonly totalPages: number;
}

/** One page of the product's devices, those in its quarantine among them (API-26, PRD-25). */
export async function listProductDevices(
  ctx: ProductContext,
  { filter, order, page, perPage }: ListProductDevicesInput,
): Promise<ProductDevicePage> {
  const { db } = ctx.store;
  const { id } = ctx.product;
  const total = await countProductDevices(db, id, filter);
  const listed = await findProductDevices(db, id, filter, order, { number: page, size: perPage });
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
    totalPages: Math.ceil(total / perPage),
  };
}
