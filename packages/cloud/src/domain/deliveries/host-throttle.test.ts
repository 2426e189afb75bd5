import { minutes, seconds } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { describe, expect, it } from 'vitest';
import { HostThrottle } from './host-throttle.ts';

const HOST = 'host.example';

function setUp(fraction = 0.999) {
  const clock = new VirtualClock();
  const throttle = new HostThrottle(clock, { fraction: () => fraction });
  const note = (outcomes: string, owner = 'ann') => {
    for (const outcome of outcomes) throttle.note(owner, HOST, outcome === '+');
  };
  return { clock, throttle, note, allows: (owner = 'ann') => throttle.allows(owner, HOST) };
}

describe('HostThrottle', () => {
  it('allows everything while failures are few or no more than successes', () => {
    const { note, allows } = setUp();
    expect(allows()).toBe(true);
    note('----');
    expect(allows()).toBe(true);
    note('+-+-+-+-');
    expect(allows()).toBe(false);
    const equal = setUp();
    equal.note('+-+-+-+-+-+-');
    expect(equal.allows()).toBe(true);
  });

  it('lets through fewer the worse it is, and one probe every ten seconds', () => {
    const { note, allows, clock } = setUp(0.2);
    note('+--------------------');
    expect(allows()).toBe(false);
    clock.advance(seconds(10));
    expect([allows(), allows()]).toEqual([true, false]);
    const milder = setUp(0.2);
    milder.note('+--+--+--+--+--+--');
    expect(milder.allows()).toBe(true);
  });

  it('forgives after three successes in a row, and forgets after a minute', () => {
    const { note, allows, clock } = setUp();
    note('--------------------');
    note('++');
    // Where one succeeded the next may go at once.
    expect(allows()).toBe(true);
    note('+');
    for (let n = 0; n < 20; n++) expect(allows()).toBe(true);
    const other = setUp();
    other.note('--------------------');
    expect(other.allows()).toBe(false);
    other.clock.advance(minutes(1) + seconds(10));
    for (let n = 0; n < 20; n++) expect(other.allows()).toBe(true);
    expect(clock.now()).toBeGreaterThan(0);
  });

  it('keeps owners apart, and knows where all is well', () => {
    const { note, allows, throttle } = setUp();
    note('--------------------', 'eve');
    expect([allows('eve'), allows('ann')]).toEqual([false, true]);
    expect(throttle.isProven('ann', HOST)).toBe(false);
    note('+', 'ann');
    expect([throttle.isProven('ann', HOST), throttle.isProven('eve', HOST)]).toEqual([true, false]);
  });

  it('knows only so many hosts', () => {
    const { throttle } = setUp();
    for (let n = 0; n < 8; n++) throttle.note('ann', 'first.example', false);
    for (let n = 0; n < 10_000; n++) throttle.note('eve', `${n}.example`, false);
    expect(throttle.allows('ann', 'first.example')).toBe(true);
  });
});
