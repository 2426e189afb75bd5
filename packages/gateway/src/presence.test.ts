import { minutes, seconds } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { Presence } from './presence.ts';

const PHOTON_2 = 32;
const online = (): Presence => {
  const presence = new Presence(0);
  presence.expect(PHOTON_2);
  presence.goOnline();
  return presence;
};

describe('Presence', () => {
  it('misses a device after the silence that its platform is allowed', () => {
    const presence = online();
    presence.heard(seconds(10));
    expect(presence.isMissing(seconds(60))).toBe(false);
    expect(presence.isMissing(seconds(60) + 1)).toBe(true);
  });

  it('learns from a device that comes back after it was missing, and not from one that had left', () => {
    const [slow, asleep] = [online(), online()];
    slow.goOffline('silent');
    asleep.goOffline('goodbye');
    for (const presence of [slow, asleep]) {
      presence.heard(minutes(5));
      presence.goOnline();
    }
    expect(slow.silenceAllowedMs).toBe(minutes(10));
    expect(asleep.silenceAllowedMs).toBe(seconds(50));
  });

  it('does not count the time in which there was no process to hear anybody', () => {
    const earlier = { lastHeardAt: -minutes(30), silenceAllowedMs: seconds(50), offline: undefined };
    const presence = new Presence(0, earlier);
    expect(presence.online).toBe(true);
    expect(presence.lastHeardAt).toBe(-minutes(30));
    expect(presence.isMissing(seconds(50))).toBe(false);
    expect(presence.isMissing(seconds(51))).toBe(true);
    presence.goOffline('silent');
    presence.heard(seconds(60));
    expect(presence.silenceAllowedMs).toBe(minutes(2));
  });

  it('tells the next process of a device that was online when the server stopped', () => {
    const presence = online();
    presence.goOffline('server_stopping');
    expect([presence.online, presence.offline]).toEqual([false, undefined]);
  });
});
