import { describe, expect, it } from 'vitest';
import { MessageIds } from './message-ids.ts';

describe('message ids', () => {
  it('follow each other and wrap', () => {
    const ids = new MessageIds(0xfffe);
    expect([ids.take(0), ids.take(0), ids.take(0)]).toEqual([0xfffe, 0xffff, 0]);
    expect(ids.next).toBe(1);
  });

  it('are refused rather than used twice within 90 s', () => {
    const ids = new MessageIds(0);
    const lastUse = new Map<number, number>();
    let given = 0;
    let shortestRest = Number.POSITIVE_INFINITY;
    // A thousand messages a second for five minutes: more than ids allow.
    for (let now = 0; now < 300_000; now++) {
      const id = ids.take(now);
      if (id === undefined) continue;
      given += 1;
      shortestRest = Math.min(shortestRest, now - (lastUse.get(id) ?? Number.NEGATIVE_INFINITY));
      lastUse.set(id, now);
    }
    expect(shortestRest).toBeGreaterThanOrEqual(90_000);
    expect(given).toBeLessThan(300_000);
    expect(given).toBeGreaterThan(180_000);
  });

  it('never run out at 600 messages a second', () => {
    const ids = new MessageIds(1);
    let refused = 0;
    for (let message = 0; message < 600 * 300; message++) if (ids.take(message / 0.6) === undefined) refused += 1;
    expect(refused).toBe(0);
  });
});
