import { expect, it } from 'vitest';
import { HeldValues } from './held-values.ts';

it('makes a value once for all who ask meanwhile and afterwards', async () => {
  const values = new HeldValues<{ readonly n: number }>(2);
  let made = 0;
  const make = async () => ({ n: ++made });
  const [one, other] = await Promise.all([values.get('a', make), values.get('a', make)]);
  expect(one).toBe(other);
  expect(await values.get('a', make)).toBe(one);
  expect(made).toBe(1);
});

it('keeps nothing of what could not be made', async () => {
  const values = new HeldValues<{ readonly n: number }>(2);
  const failing = values.get('a', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await values.get('a', async () => ({ n: 1 }))).toEqual({ n: 1 });
});

it('finds a value again that it no longer holds while somebody else does', async () => {
  const values = new HeldValues<{ readonly n: number }>(1);
  const first = await values.get('a', async () => ({ n: 1 }));
  await values.get('b', async () => ({ n: 2 }));
  expect(await values.get('a', async () => ({ n: 3 }))).toBe(first);
});
