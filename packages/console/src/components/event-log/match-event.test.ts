import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from './log-event.ts';
import { isEmptyFilter, matchEvent } from './match-event.ts';
import { parseFilter } from './parse-filter.ts';

const DEVICE = '34003d001647353236343012';
const event: LogEvent = {
  kind: 'event',
  id: 1,
  name: 'Temperature',
  data: '35',
  publisher: DEVICE,
  at: 0,
  ttl: 60,
};
const context = {
  nameOf: (id: string) => (id === DEVICE ? 'Garden shed' : undefined),
  timeOf: () => '2026-02-03 08:35:22.118',
};
const passes = (text: string, changes: Partial<LogEvent> = {}) =>
  matchEvent(parseFilter(text), { ...event, ...changes }, context);

describe('matchEvent', () => {
  it.each([
    ['everything without a filter', ''],
    ['the name, whatever the case (UI-08)', 'tempERA'],
    ['the data', '35'],
    ['the id of the device', '34003d'],
    ['the name of the device', 'shed'],
    ['the date', '2026-02-03'],
    ['words that stand in several places', 'garden 35 temp'],
    ['device: by id (UI-10)', `device:${DEVICE}`],
    ['device: by its whole name', 'device:"garden shed"'],
    ['event: by name (UI-11)', 'event:temperature'],
    ['event: by a beginning', 'event:temp*'],
    ['range: with both ends (UI-12)', 'range:35-35'],
    ['data: (UI-13)', 'data:3'],
    ['all together (UI-14)', `device:${DEVICE} event:temperature range:30-50 data:35`],
    ['a word beside event: (UI-16)', '35 event:temperature'],
  ])('lets through %s', (_what, text) => {
    expect(passes(text)).toBe(true);
  });

  it.each([
    ['a word that is nowhere', 'kitchen'],
    ['one word of two', '35 kitchen'],
    ['part of a device id with device:', 'device:34003d'],
    ['part of a name with event:', 'event:temp'],
    ['a number beyond range:', 'range:36-50'],
    ['other data', 'data:36'],
    ['one modifier of two', 'event:temperature range:40-50'],
    ['beside event:, a word that only the date has (UI-16)', '08 event:temperature'],
  ])('keeps out %s', (_what, text) => {
    expect(passes(text)).toBe(false);
  });

  it.each([
    ['35.5', true],
    [' 35 ', true],
    ['3.5e1', true],
    ['35 C', false],
    ['', false],
    [' ', false],
    [null, false],
    ['{"t":35}', false],
    ['Infinity', false],
  ])('range: takes data that is one number: %s', (data, isLet) => {
    expect(passes('range:0-100', { data })).toBe(isLet);
  });

  it('compares events without data by their name', () => {
    expect([passes('temp', { data: null }), passes('data:x', { data: null })]).toEqual([true, false]);
  });

  it('lets through no more with a modifier added', () => {
    const parts = fc.subarray([`device:${DEVICE}`, 'event:temperature', 'range:30-40', 'data:35', 'garden', 'kitchen']);
    fc.assert(
      fc.property(parts, fc.constantFrom('range:0-1', 'data:9', 'event:other', 'device:x'), (few, one) => {
        const [before, after] = [few.join(' '), [one, ...few].join(' ')];
        return passes(before) || !passes(after);
      }),
    );
  });

  it('knows filters that let everything through', () => {
    expect(['', ' ', 'range:x', 'a', 'event:b'].map((text) => isEmptyFilter(parseFilter(text)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
