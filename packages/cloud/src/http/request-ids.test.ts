import { seededEntropy } from '@cloudchamber/kernel';
import { expect, it } from 'vitest';
import { requestIds } from './request-ids.ts';

it('request ids are 16 hex digits, and no two are alike', () => {
  const next = requestIds(seededEntropy(1));
  const ids = Array.from({ length: 2000 }, () => next());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(ids).size).toBe(ids.length);
});
