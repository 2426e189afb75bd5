import { describe, expect, it } from 'vitest';
import { compareKeys, fingerprintText, placeText, stepsOf } from './attempt-words.ts';

describe('stepsOf', () => {
  const reached = (...[attempt]: Parameters<typeof stepsOf>) => stepsOf(attempt).map(({ isReached }) => isReached);

  it('says how far an attempt came over its transport', () => {
    expect(reached({ transport: 'udp', stage: 'key_exchange' })).toEqual([true, true, false, false, false, false]);
    expect(reached({ transport: 'tcp', stage: 'secured' })).toEqual([true, true, true, false, false]);
    expect(reached({ transport: 'tcp', stage: 'admitted' })).toEqual([true, true, true, true, true]);
  });

  it('has one step for a session that went on', () => {
    expect(stepsOf({ transport: 'udp', stage: 'resumed' })).toEqual([
      { stage: 'resumed', words: 'Went on with its session', isReached: true },
    ]);
  });
});

describe('the words of an attempt', () => {
  it('put IPv6 addresses into brackets', () => {
    expect(placeText({ address: '192.0.2.7', port: 51_000 })).toBe('192.0.2.7:51000');
    expect(placeText({ address: '2001:db8::1', port: 51_000 })).toBe('[2001:db8::1]:51000');
  });

  it('group a fingerprint', () => {
    expect(fingerprintText('9b74c9897b')).toBe('9b74 c989 7b');
  });

  it('compare keys', () => {
    expect(compareKeys({ key_fingerprint: 'aa', registered_fingerprint: 'aa' })).toBe('same');
    expect(compareKeys({ key_fingerprint: 'aa', registered_fingerprint: 'bb' })).toBe('different');
    expect(compareKeys({ key_fingerprint: 'aa', registered_fingerprint: null })).toBe('none_registered');
    expect(compareKeys({ key_fingerprint: null, registered_fingerprint: 'bb' })).toBe('none_shown');
    expect(compareKeys({ key_fingerprint: null, registered_fingerprint: null })).toBe('neither');
  });
});
