import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

/** Takes slots by name and notes who has one. */
function setUp(options = { perKey: 2, total: 3, mostWaiting: 4 }) {
  const slots = new Slots(options);
  const holding: string[] = [];
  const take = async (name: string, signal: AbortSignal = never): Promise<() => void> => {
    const giveBack = await slots.take(name.slice(0, 1), signal);
    holding.push(name);
    return () => {
      holding.splice(holding.indexOf(name), 1);
      giveBack();
    };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { slots, holding, take, settle };
}

describe('Slots', () => {
  it('holds so many of a key, and so many altogether', async () => {
    const { take, holding, settle } = setUp();
    const first = await take('a1');
    await take('a2');
    void take('a3');
    await take('b1');
    void take('b2');
    await settle();
    expect(holding).toEqual(['a1', 'a2', 'b1']);
    first();
    await settle();
    expect(holding).toEqual(['a2', 'b1', 'a3']);
  });

  it('one whose key is full does not hold up the others', async () => {
    const { take, holding, settle } = setUp();
    await take('a1');
    await take('a2');
    void take('a3');
    await settle();
    const other = await take('b1');
    void take('c1');
    other();
    await settle();
    expect(holding).toEqual(['a1', 'a2', 'c1']);
  });

  it('a slot given back twice is one slot', async () => {
    const { slots, take, holding, settle } = setUp({ perKey: 1, total: 1, mostWaiting: 4 });
    const giveBack = await slots.take('a', never);
    void take('a1');
    void take('a2');
    giveBack();
    giveBack();
    await settle();
    expect(holding).toEqual(['a1']);
  });

  it('who stops waiting gets none and takes none', async () => {
    const { take, holding, settle } = setUp({ perKey: 1, total: 1, mostWaiting: 1 });
    const first = await take('a1');
    const stop = new AbortController();
    const waiting = take('a2', stop.signal);
    stop.abort(new Error('late'));
    await expect(waiting).rejects.toThrow('late');
    void take('a3');
    first();
    await settle();
    expect(holding).toEqual(['a3']);
    await expect(take('a4', AbortSignal.abort(new Error('at once')))).rejects.toThrow('at once');
  });

  it('refuses to let more wait', async () => {
    const { take, holding, settle } = setUp({ perKey: 1, total: 1, mostWaiting: 2 });
    const first = await take('a1');
    void take('a2');
    void take('b1');
    await expect(take('c1')).rejects.toMatchObject({ code: 'busy', fault: 'caller' });
    first();
    await settle();
    expect(holding).toEqual(['a2']);
  });
});
