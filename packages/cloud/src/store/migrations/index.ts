import * as events from './0001-events.ts';
import * as accounts from './0002-accounts.ts';
import type { Migration } from './migration.ts';

/** Every migration in order. Add at the end only. */
export const migrations: readonly Migration[] = [
  { name: '0001-events', up: events.up },
  { name: '0002-accounts', up: accounts.up },
];
