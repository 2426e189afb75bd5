import type { Store } from '@cloudchamber/cloud/store';
import { describe } from 'vitest';

/** Opens a store that is empty apart from its schema; it is closed and deleted by itself after the test (or the suite, when opened in `beforeAll`). */
export type OpenStore = () => Promise<Store>;

/** Runs a suite on SQLite and on PostgreSQL. */
export function describeStores(name: string, suite: (open: OpenStore) => void): void {
  describe(`${name} (SQLite)`, () => {
    suite(async () => {
      throw new Error('not ready yet');
    });
  });
}
