import { expect, it } from 'vitest';
import { LINES_AT_ONCE, runImport } from './run-import.ts';

const nothing = {
  updated: 0,
  updatedDeviceIds: [],
  existingDeviceIds: [],
  nonmemberDeviceIds: [],
  invalidDeviceIds: [],
  protectedDeviceIds: [],
};

it('sends long lists in parts, and accounts for every line', async () => {
  const lines = Array.from({ length: LINES_AT_ONCE + 2 }, (_, at) => `line-${at}`);
  const sizes: number[] = [];
  const progress: number[] = [];
  const found = await runImport({
    lines,
    send: async (ids) => {
      sizes.push(ids.length);
      return ids.length === 2
        ? { ...nothing, nonmemberDeviceIds: ids.slice(0, 1), invalidDeviceIds: ids.slice(1) }
        : { ...nothing, updated: ids.length, updatedDeviceIds: ids };
    },
    onProgress: (done) => progress.push(done),
  });
  expect(sizes).toEqual([LINES_AT_ONCE, 2]);
  expect(progress).toEqual([LINES_AT_ONCE, LINES_AT_ONCE + 2]);
  expect(found.map(({ id }) => id)).toEqual(lines);
  expect(found.slice(-3).map(({ outcome }) => outcome)).toEqual(['imported', 'nonmember', 'invalid']);
});

it('counts a device once that two lines name', async () => {
  const lines = Array.from({ length: LINES_AT_ONCE + 1 }, (_, at) => `line-${at}`);
  const found = await runImport({
    lines,
    send: async (ids) =>
      ids.length === 1 ? { ...nothing, existingDeviceIds: ['line-0'] } : { ...nothing, updatedDeviceIds: ids },
    onProgress: () => {},
  });
  expect(found).toHaveLength(LINES_AT_ONCE);
  expect(found[0]).toEqual({ id: 'line-0', outcome: 'imported' });
});
