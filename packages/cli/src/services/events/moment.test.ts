import { describe, expect, it } from 'vitest';
import { momentOf } from './moment.ts';

const NOW = Date.parse('2026-02-03T12:00:00Z');

describe('momentOf', () => {
  it.each([
    ['90s', '2026-02-03T11:58:30.000Z'],
    ['2h', '2026-02-03T10:00:00.000Z'],
    ['1d12h', '2026-02-02T00:00:00.000Z'],
    ['1.5h', '2026-02-03T10:30:00.000Z'],
    ['500ms', '2026-02-03T11:59:59.500Z'],
    ['1w', '2026-01-27T12:00:00.000Z'],
    ['2026-02-01', '2026-02-01T00:00:00.000Z'],
    ['2026-02-01T08:00', '2026-02-01T08:00:00.000Z'],
    ['2026-02-01 08:00:01', '2026-02-01T08:00:01.000Z'],
    ['2026-02-01T08:00:00+02:00', '2026-02-01T06:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(momentOf(text, NOW, '--since')).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2 h', '-2h', '12', '2026-13-01', '2026-02-30T25:00', '2hh'])('refuses "%s"', (text) => {
    expect(() => momentOf(text, NOW, '--since')).toThrow('--since is a time ago');
  });
});
