import { describe, expect, it } from 'vitest';
import type { Presence } from './device-api.ts';
import { onlineSpans, reasonText } from './online-spans.ts';

const at = (hour: number) => `2026-02-03T${String(hour).padStart(2, '0')}:00:00.000Z`;
const presence = (changes: readonly [hour: number, online: boolean][], facts: Partial<Presence> = {}): Presence => ({
  deviceID: 'e00fce68a1b2c3d4e5f60718',
  start_date: at(0),
  end_date: at(10),
  online_seconds: 0,
  presence: changes.map(([hour, online]) => ({ at: at(hour), online, reason: null })),
  meta: { total_pages: 1 },
  ...facts,
});
const hours = (value: Presence) =>
  onlineSpans(value).map(({ from, to, online }) => [
    (from - Date.parse(at(0))) / 3_600_000,
    (to - Date.parse(at(0))) / 3_600_000,
    online,
  ]);

describe('when a device was online', () => {
  it('is what lies between its comings and goings, the newest of which comes first', () => {
    const changes: [number, boolean][] = [
      [8, true],
      [5, false],
    ];
    expect(hours(presence(changes))).toEqual([
      [0, 5, true],
      [5, 8, false],
      [8, 10, true],
    ]);
  });

  it('is all the time or none without any', () => {
    expect(hours(presence([], { online_seconds: 36_000 }))).toEqual([[0, 10, true]]);
    expect(hours(presence([]))).toEqual([[0, 10, false]]);
  });

  it('is not known before the oldest change that was read', () => {
    expect(hours(presence([[8, true]], { meta: { total_pages: 2 } }))).toEqual([[8, 10, true]]);
  });
});

it('says why a device went', () => {
  expect([null, 'silent', 'something_new'].map(reasonText)).toEqual(['', 'Nothing was heard of it', 'something_new']);
});
