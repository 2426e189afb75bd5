import { expect, it } from 'vitest';
import type { FleetPage } from './fleet-device.ts';
import { walkPages } from './walk-pages.ts';

const device = { name: 'a' };
const pageOf = (ids: readonly string[], total_pages: number): FleetPage =>
  JSON.parse(
    JSON.stringify({ devices: ids.map((id) => ({ ...device, id })), customers: [], meta: { total_pages, total: 3 } }),
  );

it('reads every page and shows a device once that moved between two', async () => {
  const pages = [pageOf(['1', '2'], 2), pageOf(['2', '3'], 2)];
  const progress: number[] = [];
  const found = await walkPages({
    read: async (page, perPage) => {
      expect(perPage).toBe(1000);
      return pages[page - 1] ?? pageOf([], 2);
    },
    onProgress: (read, total) => progress.push(read, total),
  });
  expect(found.map(({ id }) => id)).toEqual(['1', '2', '3']);
  expect(progress).toEqual([2, 3, 3, 3]);
});

it('ends with nothing, and rejects when a page cannot be read', async () => {
  expect(await walkPages({ read: async () => pageOf([], 0), onProgress: () => {} })).toEqual([]);
  const broken = walkPages({ read: () => Promise.reject(new Error('gone')), onProgress: () => {} });
  await expect(broken).rejects.toThrow('gone');
});
