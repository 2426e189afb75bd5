import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoapCode, CoapType, decodeCoap, encodeCoap } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import {
  classifyFromDevice,
  classifyFromServer,
  decodeLegacyOtaReady,
  decodeOtaFault,
  decodeOtaStartAnswer,
  encodeLegacyOtaChunk,
  encodeLegacyOtaFinish,
  encodeLegacyOtaMissing,
  encodeLegacyOtaReady,
  encodeLegacyOtaStart,
  encodeOtaChunk,
  encodeOtaChunkAck,
  encodeOtaFault,
  encodeOtaStart,
  encodeOtaStartAnswer,
  OtaFaultCode,
} from './index.ts';

const token = Uint8Array.of(7);
const fromServer = (bytes: Uint8Array) => classifyFromServer(decodeCoap(bytes));
const fromDevice = (bytes: Uint8Array) => classifyFromDevice(decodeCoap(bytes));

describe('firmware update v3', () => {
  it('a start is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffffffff }),
        fc.integer({ min: 1, max: 2000 }),
        fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
        fc.boolean(),
        fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        (fileSize, chunkSize, hash, discardData, moduleFunction) => {
          const sha256 = hash && Buffer.from(hash);
          const start = { fileSize, chunkSize, sha256, discardData, moduleFunction };
          expect(fromServer(encodeOtaStart({ id: 1, token: 7, ...start }))).toMatchObject({
            kind: 'ota-start',
            ...start,
          });
        },
      ),
    );
  });

  it('the answer, chunks and their acknowledgements are read as they were written', () => {
    const answer = encodeOtaStartAnswer({ id: 1, token, windowSize: 256, offset: 70_000 });
    expect(decodeOtaStartAnswer(decodeCoap(answer))).toEqual({ windowSize: 256, offset: 70_000 });
    const overTcp = encodeOtaStartAnswer({ id: 1, token, windowSize: 256, offset: 0, confirmable: false });
    expect(decodeCoap(overTcp).type).toBe(CoapType.NON);
    const chunk = fromServer(encodeOtaChunk({ id: 1, index: 70_000, data: Buffer.from('abc') }));
    expect(chunk).toMatchObject({ kind: 'ota-chunk', index: 70_000, data: Buffer.from('abc') });
    const ack = encodeOtaChunkAck({ id: 1, received: 0, bitmap: Buffer.of(1, 0, 0, 0x80) });
    expect(fromDevice(ack)).toMatchObject({ kind: 'ota-chunk-ack', received: 0, bitmap: Buffer.of(1, 0, 0, 0x80) });
  });

  it.each([
    ['a start without sizes', '410220000bb153'],
    ['a chunk without an index', '50022001b143'],
    ['a chunk of index 0', '50022001b143e006e9'],
    ['a short hash', '410220000bb153e306f10186a042aabb4103'],
  ])('refuses %s', (_what, hex) => {
    expect(() => fromServer(Buffer.from(hex, 'hex'))).toThrow(WireError);
  });

  it('refuses an acknowledgement with half a word', () => {
    expect(() => fromDevice(encodeOtaChunkAck({ id: 1, received: 1, bitmap: Buffer.of(1) }))).toThrow(WireError);
  });
});

describe('the old firmware update', () => {
  it('has its bytes where devices read them (protocol section 9.2)', () => {
    const start = { id: 0x0102, token: 7, fast: true, chunkSize: 512, fileSize: 0x12345 };
    expect(encodeLegacyOtaStart(start).toString('hex')).toBe('4102010207b175ff010200000123450000000000');
    const chunk = { id: 3, token: 7, crc: 0xdeadbeef, index: 258, data: Buffer.from('x') };
    expect(encodeLegacyOtaChunk(chunk).toString('hex')).toBe('5102000307b16344deadbeef020102ff78');
    const { index: _, ...slow } = chunk;
    expect(encodeLegacyOtaChunk(slow).toString('hex')).toBe('4102000307b16344deadbeefff78');
    expect(encodeLegacyOtaFinish({ id: 4, token: 7 }).toString('hex')).toBe('4103000407b175');
  });

  it('start, chunks, readiness and missing chunks are read as they were written', () => {
    const start = fromServer(encodeLegacyOtaStart({ id: 1, token: 7, fast: false, chunkSize: 256, fileSize: 9 }));
    expect(start).toMatchObject({ kind: 'legacy-ota-start', fast: false, chunkSize: 256, fileSize: 9, destination: 0 });
    const chunk = { crc: 0xfedcba98, index: 65_000, data: Buffer.from('abc') };
    expect(fromServer(encodeLegacyOtaChunk({ id: 1, token: 7, ...chunk }))).toMatchObject({
      kind: 'legacy-ota-chunk',
      confirmable: false,
      ...chunk,
    });
    expect(fromServer(encodeLegacyOtaFinish({ id: 1, token: 7 })).kind).toBe('legacy-ota-finish');
    for (const fast of [true, false]) {
      expect(decodeLegacyOtaReady(decodeCoap(encodeLegacyOtaReady({ id: 1, token, fast })).payload)).toEqual({ fast });
    }
    expect(decodeLegacyOtaReady(new Uint8Array())).toEqual({ fast: false });
    const indices = [0, 5, 65_535];
    expect(fromDevice(encodeLegacyOtaMissing({ id: 1, indices }))).toMatchObject({
      kind: 'legacy-ota-missing',
      indices,
    });
  });

  it('refuses what is cut off', () => {
    const message = { type: CoapType.CON, id: 1, token, options: [{ number: 11, value: 'u' }] };
    for (const length of [0, 1, 11, 13]) {
      const bytes = encodeCoap({ ...message, code: CoapCode.POST, payload: Buffer.alloc(length) });
      expect(() => fromServer(bytes)).toThrow(WireError);
    }
    const chunk = { ...message, options: [{ number: 11, value: 'c' }], code: CoapCode.POST };
    expect(() => fromServer(encodeCoap(chunk))).toThrow(WireError);
    const missing = { ...chunk, code: CoapCode.GET, payload: Buffer.of(0, 1, 2) };
    expect(() => fromDevice(encodeCoap(missing))).toThrow(WireError);
  });
});

describe('the reason that a device gives', () => {
  it('is read as it was written, with the code of the table', () => {
    const fault = { code: OtaFaultCode.UPDATES_DISABLED, message: 'updates are off' };
    const { code, payload } = encodeOtaFault(fault);
    expect(code).toBe(CoapCode.SERVICE_UNAVAILABLE);
    expect(decodeOtaFault(Buffer.from(payload))).toEqual(fault);
    expect(encodeOtaFault({ code: OtaFaultCode.INVALID_ARGUMENT, message: '' }).code).toBe(CoapCode.BAD_REQUEST);
  });

  it('is nothing when the payload is anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (payload) => {
        const fault = decodeOtaFault(payload);
        if (fault !== undefined) expect(typeof fault.code).toBe('number');
      }),
    );
    for (const text of ['', '[]', '7', '{"code":"x"}', '{']) expect(decodeOtaFault(Buffer.from(text))).toBeUndefined();
  });
});
