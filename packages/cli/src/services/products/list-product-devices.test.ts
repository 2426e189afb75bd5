import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import { type DevicePages, listProductDevices } from './list-product-devices.ts';

/** A product with so many devices; keeps the queries. */
function productOf(total: number) {
  const queries: { page: number; perPage: number }[] = [];
  const call = (async (_name: string, { query }: { query: { page: number; perPage: number } }) => {
    queries.push(query);
    const from = (query.page - 1) * query.perPage;
    const devices = Array.from({ length: Math.max(0, Math.min(query.perPage, total - from)) }, (_, at) => ({
      id: String(from + at),
    }));
    return { devices, meta: { total, total_pages: Math.ceil(total / query.perPage) } };
  }) as unknown as Cloud['call'];
  return { queries, call };
}

async function ids(cloud: Pick<Cloud, 'call'>, pages: Partial<DevicePages>) {
  const found: string[][] = [];
  for await (const { devices } of listProductDevices(cloud, '7', { filter: {}, all: false, ...pages })) {
    found.push(devices.map(({ id }) => id));
  }
  return found;
}

describe('listProductDevices', () => {
  it('is one page unless all are wanted', async () => {
    const product = productOf(30);
    expect(await ids(product, { page: 2 })).toEqual([['25', '26', '27', '28', '29']]);
    expect(product.queries).toEqual([{ page: 2, perPage: 25 }]);
  });

  it('takes all pages in an order that does not change meanwhile', async () => {
    const product = productOf(5);
    expect(await ids(product, { all: true, perPage: 2, filter: { online: true } })).toEqual([
      ['0', '1'],
      ['2', '3'],
      ['4'],
    ]);
    expect(product.queries.at(-1)).toEqual({
      page: 3,
      perPage: 2,
      sortAttr: 'deviceId',
      sortDir: 'asc',
      online: true,
    });
    expect(await ids(productOf(0), { all: true })).toEqual([[]]);
    expect(await ids(productOf(1001), { all: true }).then((pages) => pages.map(({ length }) => length))).toEqual([
      1000, 1,
    ]);
  });

  it('refuses a page of all', async () => {
    await expect(ids(productOf(1), { all: true, page: 1 })).rejects.toMatchObject({ kind: 'usage' });
  });
});
