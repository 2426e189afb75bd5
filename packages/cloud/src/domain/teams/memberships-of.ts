import type { Ambient } from '../context.ts';
import { findMemberships, type StoredMembership } from './member-store.ts';

const MOST_SHOWN = 1000;

/** The teams that an account has accepted to be in, oldest first; the places that it owns are not among them. */
export function membershipsOf(ctx: Pick<Ambient, 'store'>, userId: string): Promise<StoredMembership[]> {
  return findMemberships(ctx.store.db, userId, 'accepted', MOST_SHOWN);
}
