import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { findUserNames } from '../accounts/index.ts';
import { findCustomerNames } from '../customers/index.ts';
import type { Device } from './device.ts';

/** What owners are called, by id. */
export interface OwnerNames {
  /** E-mail addresses of accounts. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Usernames of customers. */
  readonly customers: ReadonlyMap<string, string>;
}

/** The names of everybody who owns one of these devices, in two queries. At most a few thousand devices. */
export async function findOwnerNames(
  db: Kysely<Tables>,
  devices: readonly Pick<Device, 'ownerId'>[],
): Promise<OwnerNames> {
  const ids = [...new Set(devices.flatMap(({ ownerId }) => ownerId ?? []))];
  if (ids.length === 0) return { accounts: new Map(), customers: new Map() };
  const accounts = await findUserNames(db, ids);
  const others = ids.filter((id) => !accounts.has(id));
  return { accounts, customers: others.length === 0 ? new Map() : await findCustomerNames(db, others) };
}

/** E-mail of the account or username of the customer that owns the device; null when nobody does. */
export function ownerNameOf({ accounts, customers }: OwnerNames, { ownerId }: Pick<Device, 'ownerId'>): string | null {
  if (ownerId === null) return null;
  return accounts.get(ownerId) ?? customers.get(ownerId) ?? null;
}
