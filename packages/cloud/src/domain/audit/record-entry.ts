import type { Ambient } from '../context.ts';
import type { AuditFacts } from './audit-entry.ts';
import { insertEntry } from './audit-store.ts';

/** Writes an entry of now; resolves when it is stored. Rejects with the store's error. */
export function recordEntry(ctx: Pick<Ambient, 'store' | 'clock'>, facts: AuditFacts): Promise<void> {
  return insertEntry(ctx.store.db, {
    at: ctx.clock.now(),
    actor_kind: facts.actor.kind,
    actor_id: facts.actor.id,
    actor_name: facts.actor.name,
    subject_id: facts.subjectId,
    address: facts.address,
    operation: facts.operation,
    object: JSON.stringify(facts.object),
    product_id: facts.productId,
    organization_id: facts.organizationId,
    request_id: facts.requestId,
  });
}
