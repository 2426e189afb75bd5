import { describe, expect, it } from 'vitest';
import { auditSearch } from './audit-search.ts';
import { fromTimeInput, toTimeInput } from './time-input.ts';

describe('times in fields', () => {
  it('are in UTC or in the zone of the browser, and come back as they were', () => {
    const iso = '2026-03-02T09:30:00.000Z';
    expect(toTimeInput(iso, 'utc')).toBe('2026-03-02T09:30');
    expect(fromTimeInput('2026-03-02T09:30', 'utc')).toBe(iso);
    expect(fromTimeInput(toTimeInput(iso, 'local'), 'local')).toBe(iso);
    const local = new Date(iso);
    expect(toTimeInput(iso, 'local').slice(11, 13)).toBe(String(local.getHours()).padStart(2, '0'));
  });

  it('are none when nothing is typed', () => {
    expect([toTimeInput(undefined, 'utc'), fromTimeInput('', 'utc'), fromTimeInput('x', 'local')]).toEqual([
      '',
      undefined,
      undefined,
    ]);
  });
});

describe('auditSearch', () => {
  it('keeps what it knows', () => {
    const search = { actor: 'ann@example.net', action: 'createProduct', from: '2026-03-02T09:30:00.000Z' };
    expect(auditSearch({ ...search, to: 'never', page: 3 })).toEqual(search);
    expect(auditSearch({ actor: '', action: 7 })).toEqual({});
  });
});
