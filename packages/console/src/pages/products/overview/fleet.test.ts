import { describe, expect, it } from 'vitest';
import { overviewSearch } from '../overview-search.ts';
import { counted, percentOf } from './fleet.ts';
import { seriesRange } from './series-range.ts';

describe('percentOf', () => {
  it('rounds, but neither down to nothing nor up to all', () => {
    expect([percentOf(0, 0), percentOf(0, 7), percentOf(7, 7)]).toEqual([0, 0, 100]);
    expect([percentOf(1, 10_000), percentOf(9999, 10_000), percentOf(1, 3)]).toEqual([1, 99, 33]);
  });
});

describe('counted', () => {
  it('says one and many', () => {
    expect([counted(1, 'device'), counted(0, 'device'), counted(12_000, 'device')]).toEqual([
      '1 device',
      '0 devices',
      '12,000 devices',
    ]);
    expect(counted(2, 'person', 'people')).toBe('2 people');
  });
});

describe('seriesRange', () => {
  const now = Date.parse('2026-03-02T09:31:07.123Z');

  it('ends with the bucket that is under way', () => {
    const end_date = '2026-03-02T09:45:00.000Z';
    expect(seriesRange('24h', now)).toEqual({ start_date: '2026-03-01T09:45:00.000Z', end_date, bucket_size: 900 });
    expect(seriesRange('24h', Date.parse('2026-03-02T09:44:59.999Z')).end_date).toBe(end_date);
    expect(seriesRange('7d', now).end_date).toBe('2026-03-02T10:00:00.000Z');
    expect(seriesRange('30d', now)).toMatchObject({ end_date: '2026-03-02T16:00:00.000Z', bucket_size: 28_800 });
  });
});

describe('overviewSearch', () => {
  it('leaves out what is usual', () => {
    expect([overviewSearch({ range: '7d' }), overviewSearch({ range: '24h' }), overviewSearch({ range: 1 })]).toEqual([
      { range: '7d' },
      {},
      {},
    ]);
  });
});
