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
    const recent = new RecentMessages(45_000, 8);
    for (let id = 1; id <= 9; id++) recent.admit(id, id);
    expect(recent.size).toBe(8);
    expect(recent.admit(2, 10)).toBe('pending');
    expect(recent.admit(1, 10)).toBe('new');
  });

  it('grows for ids that are far apart', () => {
    const recent = new RecentMessages(45_000, 512);
    const ids = [0, 256, 100, 65_535, 300];
    for (const id of ids) expect(recent.admit(id, 0)).toBe('new');
    for (const id of ids) expect(recent.admit(id, 1)).toBe('pending');
  });

  it('goes on for months without a pause', () => {
    const recent = new RecentMessages(45_000, 16);
    const step = 40_000;
    for (let n = 0; n * step < 2 ** 33; n++) {
      const id = n & 0xffff;
      if (recent.admit(id, n * step) !== 'new') throw new Error(`message ${n} was taken for a repeat`);
      if (recent.admit(id, n * step + 1) !== 'pending') throw new Error(`the repeat of message ${n} was not noticed`);
    }
  });

  it('ignores an answer to what has left', () => {
    const recent = new RecentMessages(45_000, 8);
    recent.admit(1, 0);
    for (let id = 2; id <= 9; id++) recent.admit(id, 0);
    recent.answer(1, emptyAck(1));
    expect(recent.admit(9, 0)).toBe('pending');
    expect(recent.admit(1, 0)).toBe('new');
  });

  it('empties by the clock alone', () => {
    const recent = new RecentMessages(45_000, 128);
    for (let id = 0; id < 50; id++) recent.admit(id, id);
    expect(recent.size).toBe(50);
    recent.expire(45_048);
    expect(recent.size).toBe(50);
    recent.expire(45_049);
    expect(recent.size).toBe(0);
    expect(recent.admit(1, 1_000_000)).toBe('new');
  });

  it('agrees with a plain list while a peer counts its ids up and repeats some', () => {
    const step = fc.record({ back: fc.nat(9), wait: fc.nat(30), answered: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(0xffff), fc.array(step, { maxLength: 120 }), (first, steps) => {
        const recent = new RecentMessages(100, 16);
        const model = new Map<number, { at: number; answered: boolean }>();
        let now = 0;
        let newest = first;
        for (const { back, wait, answered } of steps) {
          now += wait;
          const id = (back === 0 ? ++newest : newest - back) & 0xffff;
          const known = model.get(id);
          const alive = known !== undefined && now - known.at < 100 ? known : undefined;
          const expected = alive === undefined ? 'new' : alive.answered ? emptyAck(id) : 'pending';
          expect(recent.admit(id, now)).toEqual(expected);
          if (alive === undefined) model.set(id, { at: now, answered: false });
          if (answered) {
            recent.answer(id, emptyAck(id));
            const entry = model.get(id);
            if (entry) entry.answered = true;
          }
        }
      }),
    );
  });
});
