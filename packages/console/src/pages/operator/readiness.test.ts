import { expect, it } from 'vitest';
import { checksOf } from './readiness.ts';

it('reads checks, also of a cloud that is not ready', () => {
  expect(checksOf({ ok: true, checks: { store: 'ok', udp: 'ok' } })).toEqual([
    ['store', 'ok'],
    ['udp', 'ok'],
  ]);
  expect(checksOf({ ok: false, checks: { store: 'closed' } })).toEqual([['store', 'closed']]);
});

it('refuses what is no answer of the cloud', () => {
  for (const body of [null, 'ok', {}, { checks: null }]) expect(() => checksOf(body)).toThrow('did not say');
});
