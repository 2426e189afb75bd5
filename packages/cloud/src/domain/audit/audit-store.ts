import type { Insertable, Kysely, Selectable } from 'kysely';
import type { AuditEntryRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import type { AuditActor, AuditEntry, AuditObject } from './audit-entry.ts';

/** Which entries somebody may see. */
export type AuditView =
  | { readonly of: 'product'; readonly productId: number }
  | { readonly of: 'organization'; readonly organizationId: string }
  /** What an account did, and what was done to it. */
  | { readonly of: 'user'; readonly userId: string }
  | { readonly of: 'everybody' };

export interface AuditPage {
  /** Only entries with a smaller sequence. */
  readonly before?: number | undefined;
  /** Only entries with this sequence or a greater one. */
  readonly first?: number | undefined;
  readonly limit: number;
  readonly operation?: string | undefined;
  /** An actor's id or name, compared without case. */
  readonly actor?: string | undefined;
}

export async function insertEntry(db: Kysely<Tables>, row: Insertable<AuditEntryRow>): Promise<void> {
  await db.insertInto('audit_entries').values(row).execute();
}

/** Newest first. */
export async function findEntries(db: Kysely<Tables>, view: AuditView, page: AuditPage): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_entries').selectAll().orderBy('sequence', 'desc').limit(page.limit);
  if (view.of === 'product') query = query.where('product_id', '=', view.productId);
  if (view.of === 'organization') query = query.where('organization_id', '=', view.organizationId);
  if (view.of === 'user') {
    query = query.where((is) => is.or([is('actor_id', '=', view.userId), is('subject_id', '=', view.userId)]));
  }
  if (page.before !== undefined) query = query.where('sequence', '<', page.before);
  if (page.first !== undefined) query = query.where('sequence', '>=', page.first);
  if (page.operation !== undefined) query = query.where('operation', '=', page.operation);
  if (page.actor !== undefined) {
    const actor = page.actor.trim().toLowerCase();
    query = query.where((is) => is.or([is('actor_id', '=', actor), is(is.fn('lower', ['actor_name']), '=', actor)]));
  }
  return (await query.execute()).map(entryFromRow);
}

/**
 * Where the entries of a time begin: binary search over the primary key, since entries are written in the order of time.
 * @param time ms UTC
 * @returns a sequence: entries before it are older than `time`, it and those after it are not. 1 when there is no entry.
 */
export async function auditSequenceAt(db: Kysely<Tables>, time: number): Promise<number> {
  const { least, most } = await db
    .selectFrom('audit_entries')
    .select((entry) => [entry.fn.min('sequence').as('least'), entry.fn.max('sequence').as('most')])
    .executeTakeFirstOrThrow();
  let first = Number(least ?? 1);
  let end = Number(most ?? 0) + 1;
  while (first < end) {
    const middle = Math.floor((first + end) / 2);
    const entry = await db
      .selectFrom('audit_entries')
      .select(['sequence', 'at'])
      .where('sequence', '>=', middle)
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst();
    if (entry === undefined || entry.at >= time) end = middle;
    else first = entry.sequence + 1;
  }
  return first;
}

/** Is it the client of a product, so that whoever logs in with it is a customer and no account? */
export async function isProductClient(db: Kysely<Tables>, clientId: string): Promise<boolean> {
  const row = await db
    .selectFrom('oauth_clients')
    .select('id')
    .where('id', '=', clientId)
    .where('product_id', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Deletes at most `limit` of the oldest entries that were written before `before` or have more than `most` newer numbers.
 * @returns how many.
 */
export async function deleteOldEntries(
  db: Kysely<Tables>,
  { before, most, limit }: { readonly before: number; readonly most: number; readonly limit: number },
): Promise<number> {
  const newest = await db
    .selectFrom('audit_entries')
    .select((entry) => entry.fn.max('sequence').as('sequence'))
    .executeTakeFirst();
  const tooOld = Number(newest?.sequence ?? 0) - most;
  const oldest = await db
    .selectFrom('audit_entries')
    .select(['sequence', 'at'])
    .orderBy('sequence')
    .limit(limit)
    .execute();
  // Entries are written in the order of time, so those to delete are the first ones.
  const last = oldest.filter(({ sequence, at }) => at < before || sequence <= tooOld).at(-1);
  if (last === undefined) return 0;
  const deleted = await db
    .deleteFrom('audit_entries')
    .where('sequence', '<=', last.sequence)
    .returning('sequence')
    .execute();
  return deleted.length;
}

function entryFromRow(row: Selectable<AuditEntryRow>): AuditEntry {
  return {
    sequence: row.sequence,
    at: row.at,
    actor: { kind: row.actor_kind as AuditActor['kind'], id: row.actor_id, name: row.actor_name },
    subjectId: row.subject_id,
    address: row.address,
    operation: row.operation,
    object: JSON.parse(row.object) as AuditObject,
    productId: row.product_id,
    organizationId: row.organization_id,
    requestId: row.request_id,
  };
}
