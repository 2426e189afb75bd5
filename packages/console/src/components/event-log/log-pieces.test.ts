import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventLogSearch } from './event-log-search.ts';
import { eventTime } from './event-time.ts';
import { boundsOf, coarseFilter } from './history-query.ts';
import { eventOfFrame, kindOf, type LogEvent } from './log-event.ts';
import { matchEvent } from './match-event.ts';
import { parseFilter } from './parse-filter.ts';
import { prettyJson } from './pretty-json.ts';
import { stepOf } from './step-of.ts';
import { fromInput, toInput } from './time-input.ts';

const event = (id: number): LogEvent => ({ kind: 'event', id, name: 'n', data: null, publisher: 'api', at: 0, ttl: 1 });

describe('eventOfFrame', () => {
  it('reads a frame of the stream', () => {
    const data = '{"data":"21.6","ttl":60,"published_at":"2026-02-03T08:15:22.118Z","coreid":"api"}';
    expect(eventOfFrame({ event: 'temperature', data, id: '7' })).toEqual({
      kind: 'event',
      id: 7,
      name: 'temperature',
      data: '21.6',
      publisher: 'api',
      at: 1_770_106_522_118,
      ttl: 60,
    });
    expect(eventOfFrame({ event: 'x', data: data.replace('"21.6"', 'null'), id: '8' })).toMatchObject({ data: null });
  });

  it('knows frames that are no events', () => {
    expect(eventOfFrame({ event: undefined, data: '{}', id: '7' })).toBeUndefined();
    expect(eventOfFrame({ event: 'x', data: '{}', id: undefined })).toBeUndefined();
  });
});

it.each([
  ['hook-sent/temp', 'particle-internal', 'hook-sent'],
  ['hook-response/temp/0', 'particle-internal', 'hook-response'],
  ['hook-error/temp/0', 'particle-internal', 'hook-error'],
  ['34003d001647353236343012/hook-response/temp/0', 'particle-internal', 'hook-response'],
  ['api/hook-response/temp/0', 'particle-internal', 'hook-response'],
  ['garden/hook-response/temp/0', 'api', 'api'],
  ['hook-sentry', '34003d001647353236343012', 'device'],
  ['spark/status', '34003d001647353236343012', 'system'],
  ['particles', '34003d001647353236343012', 'device'],
  ['temp', 'api', 'api'],
] as const)('%s of %s is of the kind %s', (name, publisher, kind) => {
  expect(kindOf({ name, publisher })).toBe(kind);
});

describe('prettyJson', () => {
  it('gives each part its line (UI-17)', () => {
    expect(prettyJson('{"a":1,"b":[true,{}],"c":"x, {y}: \\"z\\"","d":[]}')).toBe(
      '{\n  "a": 1,\n  "b": [\n    true,\n    {}\n  ],\n  "c": "x, {y}: \\"z\\"",\n  "d": []\n}',
    );
  });
  it('keeps long numbers', () => {
    expect(prettyJson('[12345678901234567890]')).toBe('[\n  12345678901234567890\n]');
  });
  it.each(['21.6', '"text"', 'true', '{a:1}', '', 'ok', '{"a":1}}'])('leaves %s as it is', (text) => {
    expect(prettyJson(text)).toBeUndefined();
  });
  it('looks as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        if (typeof value !== 'object' || value === null) return;
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
});

describe('times', () => {
  it('are shown with milliseconds', () => {
    expect(eventTime(1_770_106_522_118, 'utc')).toBe('2026-02-03 08:15:22.118');
  });
  it.each(['utc', 'local'] as const)('go into a field and come back: %s', (zone) => {
    const at = '2026-02-03T08:15:22.000Z';
    expect(fromInput(toInput(at, zone), zone)).toBe(at);
    expect([fromInput('', zone), toInput(undefined, zone), toInput('soon', zone)]).toEqual([undefined, '', '']);
  });
});

describe('eventLogSearch', () => {
  it('takes what it knows', () => {
    const known = { filter: 'a', span: 'custom', from: '2026-02-03T08:15:22.000Z', event: 7 };
    expect(eventLogSearch({ ...known, tab: 'x' })).toEqual(known);
    expect(eventLogSearch({ filter: 35, event: '7' })).toEqual({ filter: '35', event: 7 });
  });
  it('leaves out what it does not', () => {
    expect(eventLogSearch({ filter: '', span: 'year', from: 'soon', to: 3, event: 'x' })).toEqual({});
    expect(eventLogSearch({ event: -1 })).toEqual({});
  });
});

describe('boundsOf', () => {
  it('counts back from now', () => {
    expect(boundsOf({ span: 'hour' }, 3_600_000)).toEqual({ from: '1970-01-01T00:00:00.000Z' });
    expect(boundsOf({}, 0)).toEqual({});
    expect(boundsOf({ span: 'custom', from: 'a', to: 'b' }, 0)).toEqual({ from: 'a', to: 'b' });
  });
});

describe('coarseFilter', () => {
  const known = () => true;
  it.each([
    ['35 event:temperature', { text: 'temperature' }],
    ['event:t data:warmer', { text: 'warmer' }],
    ['event:a a-long-word', { text: 'a-long-word' }],
    ['just words', {}],
    ['event:grün', {}],
    ['range:1-2', {}],
    ['device:34003d001647353236343012', { device: '34003d001647353236343012' }],
  ])('of %s', (text, query) => {
    expect(coarseFilter(parseFilter(text), known)).toEqual(query);
  });
  it('asks for no device that the cloud may not know', () => {
    expect(coarseFilter(parseFilter('device:34003d001647353236343012'), () => false)).toEqual({});
  });
  it('never looks for less than the filter lets through', () => {
    const context = { nameOf: () => undefined, timeOf: () => '' };
    const text = fc.stringMatching(/^[a-zäÖ ]{0,4}$/);
    const filter = fc.subarray(['event:ab', 'data:b', 'a', 'event:A*', 'ö']).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(filter, text, text, (said, name, data) => {
        const parsed = parseFilter(said);
        fc.pre(matchEvent(parsed, { ...event(1), name, data }, context));
        const { text: part = '' } = coarseFilter(parsed, known);
        return [name, data].some((one) => one.toLowerCase().includes(part));
      }),
    );
  });
});

describe('stepOf', () => {
  const notice = { kind: 'notice', text: '' } as const;
  const entries = [event(9), notice, event(7), event(5)];
  const step = (key: string, id?: number) =>
    stepOf(key, {
      count: entries.length,
      entryAt: (index) => entries[index],
      selected: id === undefined ? undefined : event(id),
    });
  it.each([
    ['ArrowDown', undefined, 0],
    ['ArrowDown', 9, 2],
    ['ArrowDown', 5, undefined],
    ['ArrowUp', 7, 0],
    ['ArrowUp', 9, undefined],
    ['Home', 5, 0],
    ['End', undefined, 3],
    ['PageDown', 9, 3],
    ['PageUp', 5, 0],
    ['x', 9, undefined],
  ])('%s from %s leads to %s', (key, from, to) => {
    expect(step(key, from)).toBe(to);
  });
});
