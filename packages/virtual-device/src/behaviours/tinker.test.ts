import { VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeDevice } from '../../test/fake-device.ts';
import type { Behaviour } from './behaviour.ts';
import { tinker } from './tinker.ts';

describe('tinker', () => {
  let firmware: Behaviour;
  const call = (name: string, argument: string) => firmware.functions[name]?.(argument);

  beforeEach(() => {
    firmware = tinker(new FakeDevice(new VirtualClock()));
  });

  it('keeps what was written to each pin', () => {
    expect(call('digitalRead', 'D7')).toBe(0);
    expect(call('digitalWrite', 'D7,HIGH')).toBe(1);
    expect(call('digitalRead', 'D7')).toBe(1);
    expect(call('digitalRead', 'D6')).toBe(0);
    expect(call('digitalWrite', 'D7,LOW')).toBe(1);
    expect(call('digitalRead', 'D7')).toBe(0);
    expect(call('analogWrite', 'A0,255')).toBe(1);
    expect(call('analogRead', 'A0')).toBe(4095);
    expect(call('analogWrite', 'A0,0')).toBe(1);
    expect(call('analogRead', 'A0')).toBe(0);
    expect(call('analogRead', 'A1')).toBeGreaterThanOrEqual(0);
    expect(call('analogRead', 'A1')).toBeLessThanOrEqual(4095);
  });

  it('keeps the pins of one device from those of another', () => {
    const other = tinker(new FakeDevice(new VirtualClock()));
    call('digitalWrite', 'D1,HIGH');
    expect(other.functions.digitalRead?.('D1')).toBe(0);
  });

  it.each([
    ['digitalRead', 'D8', -1],
    ['digitalRead', 'X1', -1],
    ['digitalRead', 'D12', -1],
    ['digitalRead', '', -1],
    ['digitalWrite', 'D7', -2],
    ['digitalWrite', 'D7,high', -2],
    ['digitalWrite', 'D7HIGH', -1],
    ['analogRead', 'D0', -3],
    ['analogRead', 'A9', -1],
    ['analogWrite', 'A0,256', -2],
    ['analogWrite', 'A0,', -2],
    ['analogWrite', 'A0,-1', -2],
    ['analogWrite', 'A0,1e2', -2],
  ])('%s(%j) returns %i', (name, argument, result) => {
    expect(call(name, argument)).toBe(result);
  });
});
