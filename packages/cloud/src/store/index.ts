export type { EventLog, EventQuery, NewEvent, StoredEvent } from './event-log.ts';
export type { StoreOptions } from './open-store.ts';
export { openStore } from './open-store.ts';
export type { Engine, Store } from './store.ts';
export type { Tables } from './tables.ts';
