import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import { type ServerKey, serverKeyOf } from './server-key.ts';
import { countHolders, findServerKeys } from './server-key-store.ts';

export interface ListedServerKey extends ServerKey {
  /** How many devices were last seen to hold it. */
  readonly devices: number;
}

/** Every key of this cloud, retired ones too, the oldest of each algorithm first. @throws DomainError `operator_only` */
export async function listServerKeys(ctx: Context): Promise<ListedServerKey[]> {
  requireOperator(ctx);
  const [rows, holders] = await Promise.all([findServerKeys(ctx.store.db), countHolders(ctx.store.db)]);
  return rows.map(serverKeyOf).map((key) => ({ ...key, devices: holders.get(key.fingerprint) ?? 0 }));
}
