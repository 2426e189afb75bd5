import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEDUPLICATION_MS, emptyAck, RecentMessages } from './index.ts';

describe('RecentMessages', () => {
  it('lets a message in once and answers its repeats', () => {
    const recent = new RecentMessages(DEDUPLICATION_MS, 16);
    expect(recent.admit(7, 0)).toBe('new');
    expect(recent.admit(7, 10)).toBe('pending');
    recent.answer(7, emptyAck(7));
    expect(recent.admit(7, 20)).toEqual(emptyAck(7));
    expect(recent.admit(8, 20)).toBe('new');
  });

  it('sends the very bytes again that were the reply', () => {
    const recent = new RecentMessages(DEDUPLICATION_MS, 16);
    const replies = ['6145000321ff6553f100', '60000008', '70000007', '6084000721'].map((hex) =>
      Buffer.from(hex, 'hex'),
    );
    for (const [id, reply] of replies.entries()) {
      recent.admit(id, 0);
      recent.answer(id, reply);
      expect(recent.admit(id, 1)).toEqual(new Uint8Array(reply));
    }
  });

  it('keeps a copy of the reply', () => {
    const recent = new RecentMessages(DEDUPLICATION_MS, 16);
    const reply = Buffer.from('6044000721', 'hex');
    recent.admit(7, 0);
    recent.answer(7, reply);
    reply.fill(0);
    expect(recent.admit(7, 1)).toEqual(new Uint8Array(Buffer.from('6044000721', 'hex')));
  });

  it('forgets an id after its lifetime, counted from the first arrival', () => {
    const recent = new RecentMessages(45_000, 16);
    recent.admit(7, 1000);
    recent.answer(7, emptyAck(7));
    expect(recent.admit(7, 45_999)).toEqual(emptyAck(7));
    expect(recent.admit(7, 46_000)).toBe('new');
    expect(recent.admit(7, 46_001)).toBe('pending');
  });

  it('stays within its capacity: the oldest leaves first', () => {
    const recent = new RecentMessages(45_000, 3);
    for (const id of [1, 2, 3, 4]) recent.admit(id, id);
    expect(recent.size).toBe(3);
    expect(recent.admit(2, 5)).toBe('pending');
    expect(recent.admit(1, 5)).toBe('new');
    expect(recent.admit(2, 5)).toBe('new');
  });

  it('ignores an answer to what has left', () => {
    const recent = new RecentMessages(45_000, 1);
    recent.admit(1, 0);
    recent.admit(2, 0);
    recent.answer(1, emptyAck(1));
    expect(recent.size).toBe(1);
    expect(recent.admit(1, 0)).toBe('new');
  });

  it('empties by the clock alone', () => {
    const recent = new RecentMessages(45_000, 100);
    for (let id = 0; id < 50; id++) recent.admit(id, id);
    recent.expire(45_024);
    expect(recent.size).toBe(25);
    recent.expire(1_000_000);
    expect(recent.size).toBe(0);
    expect(recent.admit(1, 1_000_000)).toBe('new');
  });

  it('agrees with a plain list for any run of arrivals', () => {
    const step = fc.record({ id: fc.nat(12), wait: fc.nat(30), answered: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const recent = new RecentMessages(100, 5);
        let model: { id: number; at: number; answered: boolean }[] = [];
        let now = 0;
        for (const { id, wait, answered } of steps) {
          now += wait;
          model = model.filter((entry) => now - entry.at < 100);
          const known = model.find((entry) => entry.id === id);
          const expected = known === undefined ? 'new' : known.answered ? emptyAck(id) : 'pending';
          expect(recent.admit(id, now)).toEqual(expected);
          if (known === undefined) model = [...model, { id, at: now, answered: false }].slice(-5);
          if (answered) {
            recent.answer(id, emptyAck(id));
            model = model.map((entry) => (entry.id === id ? { ...entry, answered: true } : entry));
          }
          expect(recent.size).toBe(model.length);
        }
      }),
    );
  });
});
