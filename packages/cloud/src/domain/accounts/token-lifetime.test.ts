import { expect, it } from 'vitest';
import { tokenLifetime } from './token-lifetime.ts';

const NOW = Date.UTC(2026, 0, 1);

it.each([
  [{}, 7_776_000],
  [{ expiresIn: 0 }, 0],
  [{ expiresIn: 60 }, 60],
  [{ expiresIn: 60, expiresAt: null }, 60],
  [{ expiresAt: null }, 0],
  [{ expiresAt: '' }, 0],
  [{ expiresAt: 'null' }, 0],
  [{ expiresAt: '2026-01-02' }, 86_400],
  [{ expiresAt: '2026-01-01T00:01:00Z' }, 60],
  [{ expiresAt: '2026-01-01T01:01:00+01:00' }, 60],
  [{ expiresAt: '2026-01-01T00:01:00' }, 60],
])('%j is %i seconds', (asked, expected) => {
  expect(tokenLifetime(asked, NOW)).toBe(expected);
});

it.each([
  { expiresIn: -1 },
  { expiresIn: 3_153_600_001 },
  { expiresAt: '2025-12-31' },
  { expiresAt: '2026-01-01' },
  { expiresAt: 'tomorrow' },
  { expiresAt: '2026-13-45' },
])('%j is refused', (asked) => {
  expect(() => tokenLifetime(asked, NOW)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
