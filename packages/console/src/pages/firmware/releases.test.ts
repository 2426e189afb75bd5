import { describe, expect, it } from 'vitest';
import {
  impactLines,
  isSameImpact,
  lostTargets,
  matching,
  nextVersion,
  targetsText,
  type Version,
} from './releases.ts';

const VERSION: Version = {
  _id: '65d0f1a2b3c4d5e6f7081920',
  version: 7,
  title: 'Valve timing',
  description: 'Closes slower',
  name: 'firmware.bin',
  size: 15_204,
  product_default: false,
  current: false,
  groups: ['beta'],
  mandatory: false,
  device_count: 41,
  uploaded_on: '2026-11-20T09:30:00.000Z',
  uploaded_at: '2026-11-20T09:30:00.000Z',
  uploaded_by: { username: 'ann@example.net' },
  product_id: 1042,
  updated_at: '2026-11-21T08:00:00.000Z',
  archived: false,
  bundle: false,
  first_run_at: null,
  first_released_at: null,
};
const impact = (...byVersion: [version: number | null, total: number][]) => ({
  devices: {
    firmware_update: {
      total: byVersion.reduce((sum, [, total]) => sum + total, 0),
      by_version: byVersion.map(([version, total]) => ({ version, total })),
    },
  },
});

describe('targetsText', () => {
  it.each([
    [{ productDefault: false, groups: [] }, undefined],
    [{ productDefault: true, groups: [] }, 'the product default'],
    [{ productDefault: false, groups: ['beta'] }, 'the group beta'],
    [{ productDefault: true, groups: ['a', 'b', 'c'] }, 'the product default and the groups a, b and c'],
  ])('names %o', (targets, text) => {
    expect(targetsText(targets)).toBe(text);
  });
});

it('tells what a release takes a version away from', () => {
  const before = { productDefault: true, groups: ['a', 'b'] };
  expect(lostTargets(before, { productDefault: false, groups: ['b', 'c'] })).toEqual({
    productDefault: true,
    groups: ['a'],
  });
  expect(targetsText(lostTargets(before, before))).toBeUndefined();
});

describe('the impact', () => {
  it('has changed when the same number of devices run other versions', () => {
    expect(isSameImpact(impact([1, 2]), impact([1, 2]))).toBe(true);
    expect(isSameImpact(impact([1, 2]), impact([1, 1], [2, 1]))).toBe(false);
  });

  it('is told by version, the highest first and firmware of nobody last', () => {
    expect(impactLines(impact([null, 4], [1, 2], [3, 1])).map(({ version }) => version)).toEqual([3, 1, null]);
  });
});

it('finds versions by number, title, description and file, in any case', () => {
  const versions = [VERSION, { ...VERSION, version: 12, title: 'Other', description: '', name: 'b.zip' }];
  const found = (text: string | undefined) => matching(versions, text).map(({ version }) => version);
  expect(found(undefined)).toEqual([7, 12]);
  expect(found('12')).toEqual([12]);
  expect(found(' VALVE ')).toEqual([7]);
  expect(found('slower')).toEqual([7]);
  expect(found('b.ZIP')).toEqual([12]);
  expect(found('nothing')).toEqual([]);
});

it('suggests the next number', () => {
  expect(nextVersion([])).toBe(1);
  expect(nextVersion([VERSION, { ...VERSION, version: 3 }])).toBe(8);
  expect(nextVersion([{ ...VERSION, version: 65_535 }])).toBe(65_535);
});
