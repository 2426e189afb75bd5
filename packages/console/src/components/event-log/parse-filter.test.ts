import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODIFIERS, parseFilter, withModifier } from './parse-filter.ts';

const nothing = {
  words: [],
  device: undefined,
  event: undefined,
  data: undefined,
  range: undefined,
  problems: [],
  hints: [],
};
const named = (text: string) => ({ text, isPrefix: false });

describe('parseFilter', () => {
  it.each([
    ['', {}],
    ['   ', {}],
    ['Status', { words: ['status'] }],
    ['two  words', { words: ['two', 'words'] }],
    ['"two  words"', { words: ['two  words'] }],
    ['device:34003d001647353236343012', { device: '34003d001647353236343012' }],
    ['DEVICE:34003D001647353236343012', { device: '34003d001647353236343012' }],
    ['device:"Garden shed"', { device: 'garden shed' }],
    ['event:status', { event: named('status') }],
    ['event:hook-response/*', { event: { text: 'hook-response/', isPrefix: true } }],
    ['event:spark/status', { event: named('spark/status') }],
    ['range:20-100', { range: { min: 20, max: 100 } }],
    ['range:-20--10', { range: { min: -20, max: -10 } }],
    ['range:-0.5-.5', { range: { min: -0.5, max: 0.5 } }],
    ['range:7-7', { range: { min: 7, max: 7 } }],
    ['data:device-is-ok', { data: 'device-is-ok' }],
    ['data:"is ok"', { data: 'is ok' }],
    ['data:a:b', { data: 'a:b' }],
    ['35 event:temperature', { words: ['35'], event: named('temperature') }],
    [
      'device:34003d001647353236343012 event:temperature range:30-50',
      { device: '34003d001647353236343012', event: named('temperature'), range: { min: 30, max: 50 } },
    ],
    ['08:15 {"a":1}', { words: ['08:15', '{"a":1}'] }],
  ])('reads %s', (text, filter) => {
    expect(parseFilter(text)).toEqual({ ...nothing, ...filter });
  });

  it.each([
    ['event:a event:b', { event: named('a') }, 'Only one “event:” can be used at a time: the first one counts.'],
    ['range:1-2 range:3-4', { range: { min: 1, max: 2 } }, 'Only one “range:” can'],
    ['range:warm', {}, '“range:warm” needs two numbers'],
    ['range:20', {}, '“range:20” needs two numbers'],
    ['range:1-2-3', {}, 'needs two numbers'],
    ['range:100-20', {}, 'range:20-100 would fit'],
    ['device:', {}, '“device:” needs a value right behind it, such as device:'],
    ['event: status', { words: ['status'] }, '“event:” needs a value'],
  ])('explains %s and goes by the rest', (text, filter, problem) => {
    const { problems, ...rest } = parseFilter(text);
    expect(rest).toEqual({ ...rest, ...nothing, ...filter, problems: undefined, words: rest.words });
    expect(rest).toMatchObject(filter);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it('has no device: in the log of one device (UI-10)', () => {
    const filter = parseFilter('device:34003d001647353236343012 event:a', { oneDevice: true });
    expect(filter).toMatchObject({ device: undefined, event: named('a') });
    expect(filter.problems).toEqual(['“device:” cannot be used here: these are the events of one device already.']);
  });

  it('takes what is no modifier for text, and says so', () => {
    expect(parseFilter('foo:bar')).toMatchObject({
      words: ['foo:bar'],
      problems: [],
      hints: ['“foo:” is no modifier, so “foo:bar” is looked for as text.'],
    });
  });

  it('never throws, and never has an empty word', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...MODIFIERS.map((one) => `${one}:`)),
      fc.constantFrom('"', ' ', '-', '1', 'foo:', '*'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { words, event } = parseFilter(pieces.join(''));
        return words.every((word) => word !== '') && (event?.text !== undefined) === (event !== undefined);
      }),
    );
  });

  it('finds every modifier that was set, in any order', () => {
    const value = fc.stringMatching(/^[a-z0-9/_.]{1,12}$/);
    const given = fc.record({ device: value, event: value, data: value });
    fc.assert(
      fc.property(given, fc.nat(2), ({ device, event, data }, turn) => {
        const parts = [`device:${device}`, `event:${event}`, `data:${data}`];
        const text = [...parts.slice(turn), ...parts.slice(0, turn)].join(' ');
        expect(parseFilter(text)).toEqual({ ...nothing, device, event: named(event), data });
      }),
    );
  });
});

describe('withModifier', () => {
  it.each([
    ['', 'event', 'a', 'event:a'],
    ['35', 'event', 'a', '35 event:a'],
    ['event:a 35', 'event', 'b', '35 event:b'],
    ['Event:"a b" device:c', 'event', 'b c', 'device:c event:"b c"'],
  ] as const)('%s with %s:%s', (text, modifier, value, result) => {
    expect(withModifier(text, modifier, value)).toBe(result);
  });
});
