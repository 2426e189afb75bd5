import { minutes, seconds } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../domain-error.ts';
import { LoginThrottle } from './login-throttle.ts';

function fail(throttle: LoginThrottle, times: number, username = 'ann@example.net', address = '10.0.0.1'): void {
  for (let n = 0; n < times; n++) throttle.begin(username, address).failed();
}

function refusal(throttle: LoginThrottle, username = 'ann@example.net', address = '10.0.0.1'): DomainError | undefined {
  try {
    throttle.begin(username, address).succeeded();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return undefined;
}

describe('LoginThrottle', () => {
  it('blocks after ten wrong log-ins in a row, for 30 minutes', () => {
    const clock = new VirtualClock();
    const throttle = new LoginThrottle(clock);
    fail(throttle, 10);
    clock.advance(seconds(30));
    expect(refusal(throttle)).toMatchObject({ kind: 'limit_exceeded', details: { retryAfterSeconds: 1770 } });
    clock.advance(minutes(29) + seconds(29));
    expect(refusal(throttle)?.details).toEqual({ retryAfterSeconds: 1 });
    clock.advance(seconds(1));
    expect(refusal(throttle)).toBeUndefined();
  });

  it('starts over after a right one', () => {
    const throttle = new LoginThrottle(new VirtualClock());
    fail(throttle, 9);
    expect(refusal(throttle)).toBeUndefined();
    fail(throttle, 9);
    expect(refusal(throttle)).toBeUndefined();
  });

  it('leaves other accounts and other addresses alone', () => {
    const throttle = new LoginThrottle(new VirtualClock());
    fail(throttle, 10);
    expect(refusal(throttle, 'bob@example.net')).toBeUndefined();
    expect(refusal(throttle, 'ann@example.net', '10.0.0.2')).toBeUndefined();
    expect(refusal(throttle)).toBeDefined();
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.2', false],
  ])('%s and %s are one network: %s', (one, other, together) => {
    const throttle = new LoginThrottle(new VirtualClock());
    fail(throttle, 10, 'ann@example.net', one);
    expect(refusal(throttle, 'ann@example.net', other) !== undefined).toBe(together);
  });

  it('counts log-ins under way, so that guesses at the same time win nothing', () => {
    const throttle = new LoginThrottle(new VirtualClock());
    fail(throttle, 8);
    const running = [throttle.begin('ann@example.net', '10.0.0.1'), throttle.begin('ann@example.net', '10.0.0.1')];
    expect(refusal(throttle)).toBeDefined();
    for (const attempt of running) attempt.failed();
    expect(refusal(throttle)).toBeDefined();
  });

  it('remembers at most 20,000 pairs', () => {
    const throttle = new LoginThrottle(new VirtualClock());
    for (let n = 0; n < 20_500; n++) fail(throttle, 1, `u${n}@example.net`);
    expect(throttle.size).toBe(20_000);
  });
});
