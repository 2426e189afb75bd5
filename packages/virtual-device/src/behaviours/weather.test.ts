import { minutes, seconds } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeDevice } from '../../test/fake-device.ts';
import type { Behaviour } from './behaviour.ts';
import { weather } from './weather.ts';

describe('weather', () => {
  let clock: VirtualClock;
  let device: FakeDevice;
  let firmware: Behaviour;
  const read = (name: string) => firmware.variables[name]?.read();

  beforeEach(() => {
    clock = new VirtualClock();
    device = new FakeDevice(clock);
    firmware = weather(device);
  });

  it('has a variable of each type', () => {
    const types = Object.entries(firmware.variables).map(([name, { type }]) => [name, type]);
    expect(Object.fromEntries(types)).toEqual({
      temperature: 'double',
      humidity: 'int',
      summary: 'string',
      raining: 'bool',
    });
    expect(Number.isInteger(read('humidity'))).toBe(true);
    expect(typeof read('raining')).toBe('boolean');
    expect(['rain', 'hot', 'cold', 'cloudy', 'fair']).toContain(read('summary'));
  });

  it('publishes its values as JSON every 4 to 6 s while it runs', () => {
    const stop = firmware.start?.();
    clock.advance(minutes(1));
    expect(device.published.length).toBeGreaterThanOrEqual(10);
    expect(device.published.length).toBeLessThanOrEqual(15);
    const last = device.published.at(-1);
    expect(last?.name).toBe('weather');
    expect(JSON.parse(last?.data ?? '')).toEqual({
      temperature: read('temperature'),
      humidity: read('humidity'),
      summary: read('summary'),
      raining: read('raining'),
    });
    stop?.();
    clock.advance(minutes(1));
    expect(device.published.at(-1)).toBe(last);
    expect(clock.pending).toBe(0);
  });

  it('drifts, slowly and within what weather does', () => {
    firmware.start?.();
    let before = Number(read('temperature'));
    const seen = new Set<number>();
    for (let step = 0; step < 2000; step++) {
      clock.advance(seconds(6));
      const now = Number(read('temperature'));
      expect(Math.abs(now - before)).toBeLessThan(0.6);
      expect(now).toBeGreaterThanOrEqual(-10);
      expect(now).toBeLessThanOrEqual(38);
      expect(Number(read('humidity'))).toBeLessThanOrEqual(100);
      before = now;
      seen.add(now);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('goes on when an event could not be published', async () => {
    device.outcome = Promise.reject(new Error('not connected'));
    device.outcome.catch(() => {});
    firmware.start?.();
    await clock.elapse(seconds(30));
    expect(device.published.length).toBeGreaterThan(3);
  });
});
