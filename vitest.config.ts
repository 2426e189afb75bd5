import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // On two cores the default is one worker, and much of a test's time is waiting for a store.
    maxWorkers: '100%',
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          // A bound on hanging, not on speed: machines are shared, and some tests simulate hours of thousands of devices.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A bound on hanging as well: the usual second is a speed.
          expect: { poll: { timeout: 10_000 } },
          // Each journey has the machine to itself, after everything else.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
