import { describe, expect, it } from 'vitest';
import { eventOf, lineOf } from './streamed-event.ts';

const said = { data: '25', ttl: 60, published_at: '2026-02-03T08:15:22.118Z', coreid: 'aa' };

describe('eventOf', () => {
  it('adds the name and the id', () => {
    expect(eventOf({ event: 'temp', data: JSON.stringify(said), id: '7' })).toEqual({ name: 'temp', ...said, id: '7' });
  });

  it('keeps an event without data', () => {
    const data = JSON.stringify({ ...said, data: null });
    expect(eventOf({ event: 'temp', data, id: undefined })).toMatchObject({ data: null });
  });

  it.each([
    ['no JSON', { event: 'temp', data: 'x' }],
    ['no object', { event: 'temp', data: '1' }],
    ['no name', { event: undefined, data: '{}' }],
  ])('is nothing with %s', (_why, frame) => {
    expect(eventOf({ ...frame, id: undefined })).toBeUndefined();
  });
});

describe('lineOf', () => {
  it('is one line of JSON with the same event, in which nothing steers a terminal', () => {
    const event = {
      name: 'a\u001b[2J',
      data: 'line\nbreak \u009b31m \u007f \u202e \u2028 é 😀',
      published_at: '',
      coreid: 'aa',
    };
    const line = lineOf(event);
    expect(JSON.parse(line)).toEqual(event);
    expect(line).not.toMatch(/\p{Cc}|[\u2028\u202e]/u);
    expect(line).toContain('é 😀');
  });

  it('begins as the published command line prints it', () => {
    const event = eventOf({ event: 'temp', data: JSON.stringify(said), id: undefined });
    expect(event && lineOf(event)).toBe(
      '{"name":"temp","data":"25","ttl":60,"published_at":"2026-02-03T08:15:22.118Z","coreid":"aa"}',
    );
  });
});
