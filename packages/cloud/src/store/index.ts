export type { EventLimits } from './event-appender.ts';
export type { EventLog, EventQuery, NewEvent, StoredEvent } from './event-log.ts';
export { binaryType } from './migrations/column-types.ts';
export type { StoreOptions } from './open-store.ts';
export { openStore } from './open-store.ts';
export type { Engine, Store } from './store.ts';
export type { Tables } from './tables.ts';
export { isUniqueViolation } from './unique-violation.ts';
