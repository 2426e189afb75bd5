import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import { listServerKeys } from './list-server-keys.ts';
import type { ServerKeyRing } from './server-key-ring.ts';
import { retireUnlessLast } from './server-key-store.ts';

export interface RetireInput {
  readonly id: string;
  /** Also when devices hold it: they will not come back before they are given another key. */
  readonly force: boolean;
}

/**
 * Ends the use of a key; sessions that were made with it go on. It stays in the store, sealed.
 * @throws DomainError `operator_only`, `server_key.not_found`, `server_key.last`, `server_key.held_by_devices` unless forced
 */
export async function retireServerKey(ctx: Context, ring: ServerKeyRing, { id, force }: RetireInput): Promise<void> {
  requireOperator(ctx);
  const key = (await listServerKeys(ctx)).find((candidate) => candidate.id === id);
  if (key === undefined || key.retiredAt !== null) {
    throw new DomainError('not_found', 'server_key.not_found', 'No key in use has that id');
  }
  if (key.devices > 0 && !force) {
    const message = `${key.devices} devices were last seen to hold this key and could not connect any more; send force=true to retire it all the same`;
    throw new DomainError('conflict', 'server_key.held_by_devices', message, { devices: key.devices });
  }
  if (!(await retireUnlessLast(ctx.store.db, id, key.algorithm, ctx.clock.now()))) {
    const message = 'It is the last key of its kind: make the next one first';
    throw new DomainError('conflict', 'server_key.last', message);
  }
  await ring.reload();
  ctx.log.warn({ key: id, fingerprint: key.fingerprint, devices: key.devices }, 'server key retired');
}
