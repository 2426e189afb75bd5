import {
  decodeCoap,
  emptyAck,
  emptyCon,
  encodeCoap,
  encodeHello,
  encodePublish,
  encodeSubscribe,
} from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { sharesCommit } from './shares-commit.ts';

const publish = (name: string): Uint8Array => encodePublish({ id: 1, name, data: 'x' });
const block = encodeCoap({
  type: 0,
  code: 2,
  id: 1,
  options: [
    { number: 11, value: 'E' },
    { number: 11, value: 'n' },
    { number: 27, value: Uint8Array.of(0x0e) },
  ],
});

describe('sharesCommit', () => {
  it.each([
    ['an event', publish('temp'), true],
    ['one that begins as the system’s do', publish('sparrow'), true],
    ['an event of the old public form', publish('temp').map((byte) => (byte === 0x45 ? 0x65 : byte)), true],
    ['an event of the system', publish('spark/device/last_reset'), false],
    ['one in other case', publish('Particle/device/name'), false],
    ['a block of an event', block, false],
    ['a subscription', encodeSubscribe({ id: 1, prefix: 'temp' }), false],
    ['a ping', emptyCon(1), false],
    ['an ACK', emptyAck(1), false],
    ['Hello', encodeHello({ id: 1, productId: 1, productVersion: 1, flags: 0, platformId: 6 }), false],
  ])('%s: %#', (_what, bytes, expected) => {
    expect(sharesCommit(decodeCoap(bytes))).toBe(expected);
  });
});
