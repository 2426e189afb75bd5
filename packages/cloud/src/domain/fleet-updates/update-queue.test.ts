import type { DeviceId } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { UpdateQueue } from './update-queue.ts';

const id = (name: string) => name as DeviceId;

function emptied(queue: UpdateQueue): string[] {
  const taken: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) taken.push(next);
  return taken;
}

describe('UpdateQueue', () => {
  it('gives products turns, and keeps the order within each', () => {
    const queue = new UpdateQueue();
    for (const name of ['a1', 'a2', 'a3', 'a4']) queue.add(1, id(name));
    for (const name of ['b1', 'b2']) queue.add(2, id(name));
    queue.add(3, id('c1'));
    expect(queue.size).toBe(7);
    expect(emptied(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect(queue.size).toBe(0);
  });

  it('keeps the place of who asks again, and forgets who goes', () => {
    const queue = new UpdateQueue();
    for (const name of ['a1', 'a2', 'a3', 'a1']) queue.add(1, id(name));
    queue.delete(id('a2'));
    queue.delete(id('unknown'));
    expect([queue.has(id('a1')), queue.has(id('a2'))]).toEqual([true, false]);
    expect([...queue.of(1), ...queue.of(2)]).toEqual(['a1', 'a3']);
    expect(emptied(queue)).toEqual(['a1', 'a3']);
  });

  it('moves a device that is in another product now', () => {
    const queue = new UpdateQueue();
    queue.add(1, id('a1'));
    queue.add(2, id('b1'));
    queue.add(2, id('a1'));
    expect(emptied(queue)).toEqual(['b1', 'a1']);
  });
});
