import { describe, expect, it } from 'vitest';
import type { AttemptReason } from './attempt.ts';
import { type AttemptFacts, type CloudPlaces, nextStep } from './next-step.ts';

const DEVICE = 'e00fce680000000000000001' as NonNullable<AttemptFacts['deviceId']>;
const places: CloudPlaces = {
  publicUrl: 'https://cloud.example.net',
  deviceHost: 'devices.example.net',
  udpPort: 5684,
  tcpPort: 5683,
  changingKeys: { udp: false, tcp: false },
};
const facts = (reason: AttemptReason | null, more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  deviceId: DEVICE,
  transport: 'udp',
  stage: 'hello',
  canApprove: false,
  isRegistered: false,
  ...more,
  reason,
});

describe('nextStep', () => {
  it('says nothing of what works', () => {
    expect(nextStep(facts(null, { stage: 'admitted' }), places)).toBeNull();
  });

  it.each([
    ['key_mismatch', {}, `particle keys doctor ${DEVICE}`],
    ['unknown_device', {}, `particle keys save ${DEVICE}.der && particle keys send ${DEVICE} ${DEVICE}.der`],
    ['no_key_registered', {}, `particle keys save ${DEVICE}.der && particle keys send ${DEVICE} ${DEVICE}.der`],
    [
      'wrong_server_key',
      { deviceId: null, stage: 'client_hello' },
      'npm run chamber -- server keys --host devices.example.net && particle keys server server-ecc.der',
    ],
    [
      'wrong_server_key',
      { transport: 'tcp', deviceId: null, stage: 'offer' },
      'npm run chamber -- server keys --host devices.example.net --algorithm rsa && particle keys server server-rsa.der',
    ],
    [
      'timed_out',
      { stage: 'client_hello', deviceId: null },
      'npm run chamber -- server keys --host devices.example.net && particle keys server server-ecc.der',
    ],
    ['timed_out', { stage: 'key_exchange' }, null],
    ['timed_out', { transport: 'tcp', stage: 'nonce' }, null],
    ['began_again', { stage: 'client_hello' }, 'curl https://cloud.example.net/v1/cloud-addresses'],
    ['bad_key', { transport: 'tcp', stage: 'offer' }, `particle keys doctor ${DEVICE}`],
    ['bad_key', { deviceId: null, stage: 'key_exchange' }, null],
    ['denied', {}, null],
  ] as const)('gives the command for %s %o', (reason, more, command) => {
    expect(nextStep(facts(reason, more), places)).toEqual({ text: expect.any(String), command });
  });

  it('quotes a host that a shell would read otherwise', () => {
    const step = nextStep(facts('wrong_server_key'), { ...places, deviceHost: '$id.devices.example.net' });
    expect(step?.command).toContain("--host '$id.devices.example.net' ");
  });

  it('says of a key that was registered meanwhile that nothing is left to do', () => {
    for (const reason of ['unknown_device', 'no_key_registered', 'key_mismatch'] as const) {
      const text = expect.stringContaining('registered after the attempt');
      expect(nextStep(facts(reason, { isRegistered: true }), places)).toEqual({ text, command: null });
    }
    expect(nextStep(facts('denied', { isRegistered: true }), places)?.text).toContain('quarantine');
  });

  it('speaks of approval only to those who may', () => {
    for (const reason of ['unknown_device', 'no_key_registered', 'key_mismatch'] as const) {
      expect(nextStep(facts(reason), places)?.text).not.toContain('approve');
      expect(nextStep(facts(reason, { canApprove: true }), places)?.text).toContain('approve the key of this attempt');
    }
  });

  it('says that it is normal while a server key is being changed', () => {
    const changing = { ...places, changingKeys: { udp: true, tcp: false } };
    expect(nextStep(facts('wrong_server_key'), changing)?.text).toContain('normal');
    expect(nextStep(facts('wrong_server_key', { transport: 'tcp' }), changing)?.text).not.toContain('normal');
  });

  it.each([
    ['closed', 'nonce', 'before anything was said'],
    ['closed', 'secured', 'ended the connection'],
  ] as const)('tells %s at %s apart', (reason, stage, text) => {
    expect(nextStep(facts(reason, { stage, transport: 'tcp' }), places)?.text).toContain(text);
  });
});
