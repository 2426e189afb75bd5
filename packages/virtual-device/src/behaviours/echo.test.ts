import { VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeDevice } from '../../test/fake-device.ts';
import type { Behaviour } from './behaviour.ts';
import { echo } from './echo.ts';
import { BEHAVIOURS } from './index.ts';

describe('echo', () => {
  let device: FakeDevice;
  let firmware: Behaviour;
  const call = (name: string, argument: string) => firmware.functions[name]?.(argument);
  const read = (name: string) => firmware.variables[name]?.read();

  beforeEach(() => {
    device = new FakeDevice(new VirtualClock());
    firmware = echo(device);
  });

  it('returns the length of its argument and remembers it', () => {
    expect(call('echo', 'grüße')).toBe(7);
    expect(read('last')).toBe('grüße');
    expect(read('count')).toBe(1);
    expect(read('flag')).toBe(true);
    expect(read('ratio')).toBe(21.5);
  });

  it('publishes its argument, and says whether that worked', async () => {
    expect(await call('publish', 'hello')).toBe(0);
    expect(device.published).toEqual([{ name: 'echo', data: 'hello' }]);
    device.outcome = Promise.reject(new Error('not connected'));
    expect(await call('publish', 'again')).toBe(-1);
    await expect(call('fail', '')).rejects.toThrow('always fails');
  });

  it('remembers the data of events under echo/', () => {
    const [subscription] = firmware.subscriptions;
    expect(subscription?.prefix).toBe('echo/');
    subscription?.handle({ name: 'echo/x', data: Buffer.from('data'), contentFormat: 0 });
    expect(read('last')).toBe('data');
  });

  it('is found by name, like the others', () => {
    expect([...BEHAVIOURS.keys()]).toEqual(['tinker', 'weather', 'echo', 'tracker']);
    expect(BEHAVIOURS.get('echo')).toBe(echo);
  });
});
