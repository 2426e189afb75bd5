import type { UserContext } from '../context.ts';
import { findTransfers, type ListedTransfer } from './transfer-store.ts';

/** Of each direction; older ones come up when newer ones are answered. */
const MOST_LISTED = 100;

export interface Transfers {
  /** What waits for the answer of the caller. */
  readonly incoming: readonly ListedTransfer[];
  /** What the caller asked for, answered or not. */
  readonly outgoing: readonly ListedTransfer[];
}

/** Transfers of the last week that the caller has to answer or asked for, the newest first. */
export async function listTransfers(ctx: UserContext): Promise<Transfers> {
  const { userId } = ctx.actor;
  const now = ctx.clock.now();
  const [given, outgoing] = await Promise.all([
    findTransfers(ctx.store.db, 'from_owner_id', userId, now, MOST_LISTED),
    findTransfers(ctx.store.db, 'to_user_id', userId, now, MOST_LISTED),
  ]);
  const incoming = given.filter((one) => one.state === 'waiting' && one.deviceOwnerId === userId);
  return { incoming, outgoing };
}
