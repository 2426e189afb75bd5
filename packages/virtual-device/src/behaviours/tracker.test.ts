import { VirtualClock } from '@cloudchamber/testkit';
import { describe, expect, it } from 'vitest';
import { FakeDevice } from '../../test/fake-device.ts';
import { tracker } from './tracker.ts';

describe('tracker', () => {
  const { functions } = tracker(new FakeDevice(new VirtualClock()));
  const cmd = (argument: string) => functions.cmd?.(argument);

  it('takes the commands of a Tracker', () => {
    expect(cmd('{"cmd":"get_loc"}')).toBe(0);
    expect(cmd('{"cmd":"set_cfg","req_id":7,"cfg":{}}')).toBe(0);
    expect(Object.keys(functions)).toEqual(['cmd']);
  });

  it('says -22 to what is no JSON object with a text for its command', () => {
    for (const argument of ['', '{', 'get_loc', '"get_loc"', 'null', '[]', '{}', '{"cmd":7}']) {
      expect(cmd(argument), argument).toBe(-22);
    }
  });

  it('says -2 to a command that there is not, and to an acknowledgement that nothing waits for', () => {
    expect(cmd('{"cmd":"dance"}')).toBe(-2);
    expect(cmd('{"cmd":"ack","req_id":1}')).toBe(-2);
  });
});
