export type { AuditActor, AuditFacts } from './audit-entry.ts';
export { AuditPruner } from './audit-pruner.ts';
export { type AuditView, isProductClient } from './audit-store.ts';
export { listEntries } from './list-entries.ts';
export { recordEntry } from './record-entry.ts';
