export type { PostgresServer } from './postgres-server.ts';
export { findPostgres } from './postgres-server.ts';
export type { OpenStore, StorePlace } from './stores.ts';
export { describeStorePlaces, describeStores } from './stores.ts';
export type { TemporaryFolder } from './temporary-folder.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { VirtualClock } from './virtual-clock.ts';
