import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkWindow } from './chunk-window.ts';

const NOTHING = new Uint8Array();

/** A bitmap with the bits of those chunks, which lie beyond `received`. */
function bitmap(received: number, beyond: readonly number[]): Uint8Array {
  const last = Math.max(received, ...beyond);
  const bytes = Buffer.alloc(Math.ceil((last - received) / 32) * 4);
  for (const index of beyond) bytes[(index - received - 1) >> 3]! |= 1 << ((index - received - 1) & 7);
  return bytes;
}

function windowOf(chunks: number, window = 256) {
  const sent: number[] = [];
  const made = new ChunkWindow({ chunks, window, send: (index) => sent.push(index) }, 0);
  made.start(0);
  return { window: made, sent };
}

describe('ChunkWindow', () => {
  it('sends a few chunks at first, and more with every acknowledgement', () => {
    const { window, sent } = windowOf(200);
    expect(sent).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    window.acknowledge(16, NOTHING, 50);
    expect(sent).toHaveLength(48);
    window.acknowledge(48, NOTHING, 100);
    expect(sent).toHaveLength(112);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('never sends beyond the window of the device', () => {
    const { window, sent } = windowOf(100, 20);
    expect(Math.max(...sent)).toBeLessThanOrEqual(20);
    window.acknowledge(10, NOTHING, 10);
    expect(Math.max(...sent)).toBe(30);
  });

  it('sends again what a bitmap shows as missing, after a round trip and not before', () => {
    const { window, sent } = windowOf(16);
    window.acknowledge(2, NOTHING, 40);
    window.acknowledge(2, bitmap(2, [4, 5, 6]), 41);
    expect(sent.slice(16)).toEqual([3]);
    window.acknowledge(2, bitmap(2, [4, 5, 6, 7]), 60);
    expect(sent.slice(16)).toEqual([3]);
    const others = Array.from({ length: 13 }, (_, at) => at + 4);
    window.acknowledge(2, bitmap(2, others), 100);
    expect(sent.slice(16)).toEqual([3, 3]);
  });

  it('sends again what nobody speaks of, with waits that double up to 8 s', () => {
    const { window, sent } = windowOf(1);
    const at: number[] = [];
    for (let now = 0; now <= 60_000; now += 100) {
      const before = sent.length;
      window.tick(now);
      if (sent.length > before) at.push(now);
    }
    expect(at).toEqual([1500, 4500, 10_500, 18_500, 26_500, 34_500, 42_500, 50_500, 58_500]);
  });

  it('does not believe in chunks that were never sent', () => {
    const { window } = windowOf(200);
    window.acknowledge(200, NOTHING, 10);
    window.acknowledge(0, bitmap(0, [150]), 20);
    expect(window.done).toBe(false);
    expect(window.received).toBe(0);
  });

  it('ends with every chunk received, whatever is lost on either way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.infiniteStream(fc.nat(99)),
        fc.integer({ min: 0, max: 60 }),
        (chunks, dice, loss) => {
          const isLost = () => dice.next().value! < loss;
          const arrived = new Set<number>();
          let toCome: number[] = [];
          const window = new ChunkWindow({ chunks, window: 64, send: (index) => toCome.push(index) }, 0);
          window.start(0);
          let now = 0;
          for (; !window.done && now < 3_600_000; now += 50) {
            const coming = toCome;
            toCome = [];
            for (const index of coming) {
              if (isLost()) continue;
              arrived.add(index);
              let received = 0;
              while (arrived.has(received + 1)) received += 1;
              const beyond = [...arrived].filter((other) => other > received);
              if (!isLost()) window.acknowledge(received, bitmap(received, beyond), now);
            }
            window.tick(now);
          }
          expect(window.done).toBe(true);
          expect(arrived.size).toBe(chunks);
        },
      ),
      { numRuns: 40 },
    );
  });
});
