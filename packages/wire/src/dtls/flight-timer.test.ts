import { expect, it } from 'vitest';
import { FlightTimer } from './flight-timer.ts';

const timers = { initialMs: 3000, maxMs: 10_000, giveUpMs: 45_000 };

it('doubles its waits up to the longest, and gives up on time', () => {
  const timer = new FlightTimer(timers);
  expect(timer.nextAt).toBe(Number.POSITIVE_INFINITY);
  timer.start(1000);
  const log: [number, string][] = [];
  for (let verdict = 'wait'; verdict !== 'give_up'; ) {
    const at = timer.nextAt;
    verdict = timer.wake(at);
    log.push([at - 1000, verdict]);
  }
  expect(log).toEqual([
    [3000, 'resend'],
    [9000, 'resend'],
    [19_000, 'resend'],
    [29_000, 'resend'],
    [39_000, 'resend'],
    [45_000, 'give_up'],
  ]);
});

it('does nothing when woken early', () => {
  const timer = new FlightTimer(timers);
  timer.start(0);
  expect(timer.wake(2999)).toBe('wait');
  expect(timer.nextAt).toBe(3000);
});

it('waits anew when the flight was sent for the peer, without a longer life', () => {
  const timer = new FlightTimer(timers);
  timer.start(0);
  timer.resent(2000);
  expect(timer.nextAt).toBe(5000);
  timer.resent(44_000);
  expect(timer.wake(timer.nextAt)).toBe('give_up');
  expect(timer.nextAt).toBe(45_000);
});

it('only gives up once it is quiet', () => {
  const timer = new FlightTimer(timers);
  timer.start(0);
  timer.quiet();
  expect(timer.wake(3000)).toBe('wait');
  expect(timer.nextAt).toBe(45_000);
  expect(timer.wake(45_000)).toBe('give_up');
});
