import type { DeviceId } from '@cloudchamber/kernel';
import {
  emptyAck,
  emptyCon,
  encodeApplicationDescribe,
  encodeDescribePost,
  encodeFunctionResult,
  encodeHello,
  encodeOtaChunkAck,
  encodePublish,
  encodeSubscribe,
  encodeSystemDescribe,
  encodeTimeRequest,
  encodeVariableResponse,
  reset,
} from '@cloudchamber/wire';

/** One of each message that a device sends, in the clear. */
export function deviceMessages(): Buffer[] {
  const hello = { id: 1, productId: 13, productVersion: 1, flags: 0xf6, platformId: 32 };
  const sizes = { systemVersion: 6200, maxMessageSize: 1152, maxBinarySize: 0x177000, otaChunkSize: 512 };
  const token = Uint8Array.of(7);
  const block1 = { number: 0, more: true, szx: 6 };
  const application = encodeApplicationDescribe({ functions: ['led'], variables: { temp: 'double' } });
  const system = encodeSystemDescribe({ modules: [], assets: [], protectedState: false });
  return [
    encodeHello({ ...hello, ...sizes, deviceId: 'bad0bad0bad0bad0bad0bad0' as DeviceId }),
    emptyCon(2),
    emptyAck(3),
    reset(4),
    encodePublish({ id: 5, name: 'temp', data: '21.5' }),
    encodePublish({ id: 6, name: 'a/b', data: Uint8Array.of(1, 2), contentFormat: 42, ttlSeconds: 3600, token: 9 }),
    encodePublish({ id: 7, name: 'big', data: Buffer.alloc(1024), block1, requestTag: Uint8Array.of(1, 2, 3, 4) }),
    encodePublish({ id: 8, name: 'old', public: true, confirmable: false }),
    encodeSubscribe({ id: 9, prefix: 'alerts/', ownDevicesOnly: true }),
    encodeSubscribe({ id: 10, prefix: '', accepts: 'cbor' }),
    encodeTimeRequest({ id: 11, token: 7 }),
    encodeDescribePost({ id: 12, token: 7, flags: 2, payload: application }),
    encodeDescribePost({ id: 13, flags: 1, contentFormat: 42, payload: system }),
    encodeDescribePost({ id: 14, token: 7, flags: 2, payload: Buffer.alloc(1024, ' '), block1 }),
    encodeFunctionResult({ id: 15, token, value: -1 }),
    encodeVariableResponse({ id: 16, token, type: 'double', value: 21.5 }),
    encodeOtaChunkAck({ id: 17, received: 3, bitmap: Uint8Array.of(2, 0, 0, 0) }),
  ].map((message) => Buffer.from(message));
}
