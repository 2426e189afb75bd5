import * as events from './0001-events.ts';
import type { Migration } from './migration.ts';

/** Every migration in order. Add at the end only. */
export const migrations: readonly Migration[] = [{ name: '0001-events', up: events.up }];
