import type { Ambient } from '../context.ts';
import type { AuditEntry } from './audit-entry.ts';
import { type AuditPage, type AuditView, auditSequenceAt, findEntries } from './audit-store.ts';

/** What a page is asked with. */
interface AskedAuditPage extends Omit<AuditPage, 'first'> {
  /** ms UTC: only entries of this time or later. */
  readonly from?: number | undefined;
  /** ms UTC: only entries from before this time. */
  readonly to?: number | undefined;
}

/**
 * A page of the log, newest first. The caller has entered the place that `view` names, with audit:list, or asks for his own account, or is an operator.
 * An account doesn't learn from where others did something to it.
 * @returns the entries, and the sequence that the next page is asked with: null after the last one.
 */
export async function listEntries(
  ctx: Pick<Ambient, 'store'>,
  view: AuditView,
  { from, to, ...page }: AskedAuditPage,
): Promise<{ entries: (Omit<AuditEntry, 'address'> & { readonly address: string | null })[]; next: number | null }> {
  const { db } = ctx.store;
  const first = from === undefined ? undefined : await auditSequenceAt(db, from);
  const ends = [page.before, to === undefined ? undefined : await auditSequenceAt(db, to)].filter(
    (end) => end !== undefined,
  );
  const before = ends.length === 0 ? undefined : Math.min(...ends);
  const found = await findEntries(db, view, { ...page, before, first, limit: page.limit + 1 });
  const entries = found.slice(0, page.limit).map((entry) => {
    const foreign = view.of === 'user' && entry.actor.id !== null && entry.actor.id !== view.userId;
    return foreign ? { ...entry, address: null } : entry;
  });
  return { entries, next: found.length > page.limit ? (entries.at(-1)?.sequence ?? null) : null };
}
