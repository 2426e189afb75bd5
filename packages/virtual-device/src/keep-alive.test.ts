import { describe, expect, it } from 'vitest';
import { KeepAlive } from './keep-alive.ts';

describe('keep-alive', () => {
  it('pings when nothing was heard for the interval, and again after each answer', () => {
    const keepAlive = new KeepAlive(25_000, 30_000, 1000);
    expect(keepAlive.nextWakeAt).toBe(26_000);
    expect(keepAlive.wake(25_999)).toBeUndefined();
    expect(keepAlive.wake(26_000)).toBe('ping');
    keepAlive.heard(26_050);
    expect(keepAlive.nextWakeAt).toBe(51_050);
    expect(keepAlive.wake(51_050)).toBe('ping');
  });

  it('is put off by everything that is heard', () => {
    const keepAlive = new KeepAlive(25_000, 30_000, 0);
    keepAlive.heard(20_000);
    expect(keepAlive.wake(25_000)).toBeUndefined();
    expect(keepAlive.nextWakeAt).toBe(45_000);
  });

  it('takes the server for silent 30 s after a ping that nothing followed, further pings or not', () => {
    const keepAlive = new KeepAlive(25_000, 30_000, 0);
    expect(keepAlive.wake(25_000)).toBe('ping');
    expect(keepAlive.wake(50_000)).toBe('ping');
    expect(keepAlive.nextWakeAt).toBe(55_000);
    expect(keepAlive.wake(54_999)).toBeUndefined();
    expect(keepAlive.wake(55_000)).toBe('silent');
  });

  it('is not confused by an answer that comes late', () => {
    const keepAlive = new KeepAlive(25_000, 30_000, 0);
    keepAlive.wake(25_000);
    keepAlive.heard(54_999);
    expect(keepAlive.wake(55_000)).toBeUndefined();
    expect(keepAlive.nextWakeAt).toBe(79_999);
  });
});
