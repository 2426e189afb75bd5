import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { ProductContext } from '../products/index.ts';
import type { Customer } from './customer.ts';
import { findCustomerPage } from './customer-store.ts';

/** The devices of these owners. Devices are a later domain, so their reader is passed in. */
export type FindDevicesOf<Device> = (db: Kysely<Tables>, ownerIds: readonly string[]) => Promise<readonly Device[]>;

/**
 * One page of the customers of a product by username, with their devices (PRD-16, API-45).
 * @param page from 1
 */
export async function listCustomers<Device extends { readonly ownerId: string }>(
  ctx: ProductContext,
  { page, perPage }: { readonly page: number; readonly perPage: number },
  findDevicesOf: FindDevicesOf<Device>,
): Promise<{
  readonly customers: readonly { readonly customer: Customer; readonly devices: readonly Device[] }[];
  readonly totalPages: number;
}> {
  const { db } = ctx.store;
  const found = await findCustomerPage(db, ctx.product.id, { limit: perPage, offset: (page - 1) * perPage });
  const ids = found.customers.map((customer) => customer.id);
  const devices = Map.groupBy(await findDevicesOf(db, ids), (device) => device.ownerId);
  return {
    customers: found.customers.map((customer) => ({ customer, devices: devices.get(customer.id) ?? [] })),
    totalPages: Math.max(1, Math.ceil(found.total / perPage)),
  };
}
