import { expect, it } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import type { HistoryQuery } from './read-history.ts';
import { streamStart } from './stream-start.ts';

const NOW = Date.parse('2026-02-03T12:00:00Z');
type Page = readonly [ids: readonly number[], next: string | null];

/** A cloud whose log answers with these pages, one after the other. */
function cloudWith(pages: readonly Page[]) {
  const rest = [...pages];
  const asked: HistoryQuery[] = [];
  const call = async (_name: string, { query }: { query: HistoryQuery }) => {
    asked.push(query);
    const [ids, next] = rest.shift() ?? [[], null];
    return { events: ids.map((id) => ({ id: String(id) })), meta: { next } };
  };
  return { asked, cloud: { call } as unknown as Cloud };
}

it('takes the id of an event as it is', async () => {
  const { cloud, asked } = cloudWith([]);
  expect(await streamStart(cloud, { kind: 'own' }, '4711', NOW)).toBe('4711');
  expect(asked).toEqual([]);
});

it('begins before the first event since then, which may be on a later page', async () => {
  const { cloud, asked } = cloudWith([
    [[99], '99'],
    [[], '50'],
    [[51], null],
  ]);
  expect(await streamStart(cloud, { kind: 'own' }, '1h', NOW)).toBe('50');
  const from = '2026-02-03T11:00:00.000Z';
  expect(asked).toEqual([
    { limit: 1 },
    { from, order: 'asc', limit: 1 },
    { from, order: 'asc', limit: 1, after: '50' },
  ]);
});

it('begins behind the newest when nothing came since then', async () => {
  const { cloud } = cloudWith([
    [[99], '99'],
    [[], null],
  ]);
  expect(await streamStart(cloud, { kind: 'own' }, '1h', NOW)).toBe('99');
});

it('begins with the log when it is empty', async () => {
  expect(await streamStart(cloudWith([]).cloud, { kind: 'own' }, '1h', NOW)).toBe('0');
});
