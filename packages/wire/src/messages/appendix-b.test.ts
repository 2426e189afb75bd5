import { parseDeviceId } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { coapVectors } from '../../vectors/coap-messages.ts';
import { decodeCoap, emptyAck, emptyCon, oneByteToken, reset } from '../coap/index.ts';
import {
  ContentFormat,
  classifyFromDevice,
  classifyFromServer,
  DescribeFlag,
  decodeDescription,
  decodeFunctionResult,
  decodeTimeAnswer,
  decodeVariableValue,
  encodeApplicationDescribe,
  encodeDescribePost,
  encodeDescribeRequest,
  encodeDiscardSession,
  encodeEvent,
  encodeFunctionCall,
  encodeFunctionResult,
  encodeGoodbye,
  encodeHello,
  encodeOtaChunk,
  encodeOtaChunkAck,
  encodeOtaFinish,
  encodeOtaStart,
  encodeOtaStartAnswer,
  encodePublish,
  encodeSignal,
  encodeSubscribe,
  encodeTimeAnswer,
  encodeTimeRequest,
  encodeVariableRequest,
  encodeVariableResponse,
} from './index.ts';

type Name = (typeof coapVectors)[number]['name'];

const deviceId = parseDeviceId('e00fce680123456789abcdef');
const cborDouble = Buffer.from('fb4035800000000000', 'hex');
const emptySha256 = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');
const noBytes = new Uint8Array(0);

/** How each row is made. Rows that are headers are made with no payload. */
const encoded: Record<Name, Buffer> = {
  'Hello (ID 12345, v7, flags f7, platform 13)': encodeHello({
    id: 1,
    productId: 12_345,
    productVersion: 7,
    flags: 0xf7,
    platformId: 13,
    deviceId,
    systemVersion: 6200,
    maxMessageSize: 1152,
    maxBinarySize: 1_536_000,
    otaChunkSize: 512,
  }),
  'empty ACK': emptyAck(1),
  ping: emptyCon(2),
  RST: reset(2),
  'time request': encodeTimeRequest({ id: 3, token: 0x21 }),
  'time answer 1700000000': encodeTimeAnswer({ id: 3, token: oneByteToken(0x21), seconds: 1_700_000_000 }),
  'publish temp = 21.5': encodePublish({ id: 4, name: 'temp', data: '21.5' }),
  'publish, NON, CBOR double 21.5, TTL 3600': encodePublish({
    id: 5,
    confirmable: false,
    name: 'temp',
    data: cborDouble,
    contentFormat: ContentFormat.CBOR,
    ttlSeconds: 3600,
  }),
  'subscribe alerts/ (6.2)': encodeSubscribe({ id: 6, prefix: 'alerts/' }),
  'subscribe alerts/ (≤6.1, own devices)': encodeSubscribe({ id: 6, prefix: 'alerts/', ownDevicesOnly: true }),
  'event alerts/hi = on, S→D': encodeEvent({ id: 0x1234, name: 'alerts/hi', data: 'on' }),
  'call led("on")': encodeFunctionCall({ id: 0x1235, token: 7, name: 'led', argument: 'on' }),
  'call led("")': encodeFunctionCall({ id: 0x1235, token: 7, name: 'led', argument: '' }),
  'return 1': encodeFunctionResult({ id: 7, token: oneByteToken(7), value: 1 }),
  'return −1': encodeFunctionResult({ id: 7, token: oneByteToken(7), value: -1 }),
  'get variable temp': encodeVariableRequest({ id: 0x1236, token: 8, name: 'temp' }),
  'double 21.5': encodeVariableResponse({ id: 8, token: oneByteToken(8), type: 'double', value: 21.5 }),
  'int 42': encodeVariableResponse({ id: 8, token: oneByteToken(8), type: 'int', value: 42 }),
  'GET Describe, app': encodeDescribeRequest({ id: 0x1237, token: 9, flags: DescribeFlag.APPLICATION }),
  'POST Describe, app': encodeDescribePost({
    id: 9,
    token: 0x22,
    flags: DescribeFlag.APPLICATION,
    payload: encodeApplicationDescribe({ functions: ['led'], variables: { temp: 'double' } }),
  }),
  'POST Describe, system, block 0 of several': encodeDescribePost({
    id: 9,
    token: 0x22,
    flags: DescribeFlag.SYSTEM,
    contentFormat: ContentFormat.OCTET_STREAM,
    block1: { number: 0, more: true, szx: 6 },
    payload: noBytes,
  }),
  'signal on': encodeSignal({ id: 0x1238, token: 10, on: true }),
  'discard session': encodeDiscardSession({ id: 0x1239 }),
  'Goodbye: sleep, 300 s': encodeGoodbye({ id: 10, cloudReason: 6, sleepSeconds: 300 }),
  'OTA start: 100000 bytes, SHA-256, chunk 512, function 5': encodeOtaStart({
    id: 0x2000,
    token: 11,
    fileSize: 100_000,
    chunkSize: 512,
    sha256: emptySha256,
    moduleFunction: 5,
  }),
  'OTA start answer: window 256, offset 0': encodeOtaStartAnswer({
    id: 11,
    token: oneByteToken(11),
    windowSize: 256,
    offset: 0,
  }),
  'OTA chunk 1': encodeOtaChunk({ id: 0x2001, index: 1, data: noBytes }),
  'OTA chunk 300': encodeOtaChunk({ id: 0x2002, index: 300, data: noBytes }),
  'OTA chunk ack: 3 in order, 5 also received': encodeOtaChunkAck({
    id: 12,
    received: 3,
    bitmap: Uint8Array.of(2, 0, 0, 0),
  }),
  'OTA finish': encodeOtaFinish({ id: 0x2003, token: 12 }),
  'OTA finish: discard + cancel': encodeOtaFinish({ id: 0x2003, token: 12, cancel: true, discardData: true }),
};

/** What the receiver of each row makes of it. */
const meanings: Record<Name, object> = {
  'Hello (ID 12345, v7, flags f7, platform 13)': {
    kind: 'hello',
    id: 1,
    confirmable: true,
    productId: 12_345,
    productVersion: 7,
    flags: 0xf7,
    platformId: 13,
    deviceId,
    systemVersion: 6200,
    maxMessageSize: 1152,
    maxBinarySize: 1_536_000,
    otaChunkSize: 512,
  },
  'empty ACK': { kind: 'ack', id: 1 },
  ping: { kind: 'ping', id: 2 },
  RST: { kind: 'reset', id: 2 },
  'time request': { kind: 'time-request', id: 3, confirmable: true, token: Buffer.of(0x21) },
  'time answer 1700000000': { kind: 'response', piggybacked: true, id: 3, code: 0x45, token: Buffer.of(0x21) },
  'publish temp = 21.5': {
    kind: 'publish',
    id: 4,
    confirmable: true,
    name: 'temp',
    data: Buffer.from('21.5'),
    contentFormat: 0,
    ttlSeconds: 60,
  },
  'publish, NON, CBOR double 21.5, TTL 3600': {
    kind: 'publish',
    id: 5,
    confirmable: false,
    name: 'temp',
    data: cborDouble,
    contentFormat: 60,
    ttlSeconds: 3600,
  },
  'subscribe alerts/ (6.2)': { kind: 'subscribe', id: 6, prefix: 'alerts/', accepts: 'text', ownDevicesOnly: false },
  'subscribe alerts/ (≤6.1, own devices)': {
    kind: 'subscribe',
    prefix: 'alerts/',
    accepts: 'text',
    ownDevicesOnly: true,
  },
  'event alerts/hi = on, S→D': { kind: 'event', id: 0x1234, name: 'alerts/hi', data: Buffer.from('on') },
  'call led("on")': { kind: 'function-call', id: 0x1235, token: Buffer.of(7), name: 'led', argument: 'on' },
  'call led("")': { kind: 'function-call', name: 'led', argument: '' },
  'return 1': { kind: 'response', piggybacked: false, confirmable: true, id: 7, code: 0x44, token: Buffer.of(7) },
  'return −1': { kind: 'response', code: 0x44, payload: Buffer.alloc(4, 0xff) },
  'get variable temp': { kind: 'variable-request', id: 0x1236, token: Buffer.of(8), name: 'temp' },
  'double 21.5': { kind: 'response', code: 0x45, token: Buffer.of(8) },
  'int 42': { kind: 'response', code: 0x45, token: Buffer.of(8) },
  'GET Describe, app': { kind: 'describe-request', id: 0x1237, flags: 2, block2: undefined },
  'POST Describe, app': {
    kind: 'describe-post',
    id: 9,
    token: Buffer.of(0x22),
    flags: 2,
    contentFormat: 0,
    block1: undefined,
  },
  'POST Describe, system, block 0 of several': {
    kind: 'describe-post',
    flags: 1,
    contentFormat: 42,
    block1: { number: 0, more: true, szx: 6 },
  },
  'signal on': { kind: 'signal', id: 0x1238, token: Buffer.of(10), on: true },
  'discard session': { kind: 'discard-session', id: 0x1239, confirmable: true },
  'Goodbye: sleep, 300 s': { kind: 'goodbye', id: 10, cloudReason: 6, resetReason: undefined, sleepSeconds: 300 },
  'OTA start: 100000 bytes, SHA-256, chunk 512, function 5': {
    kind: 'ota-start',
    id: 0x2000,
    fileSize: 100_000,
    chunkSize: 512,
    sha256: Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex'),
    discardData: false,
    moduleFunction: 5,
  },
  'OTA start answer: window 256, offset 0': { kind: 'response', code: 0x41, token: Buffer.of(11) },
  'OTA chunk 1': { kind: 'ota-chunk', index: 1, confirmable: false },
  'OTA chunk 300': { kind: 'ota-chunk', index: 300 },
  'OTA chunk ack: 3 in order, 5 also received': {
    kind: 'ota-chunk-ack',
    received: 3,
    bitmap: Buffer.of(2, 0, 0, 0),
  },
  'OTA finish': { kind: 'ota-finish', cancel: false, discardData: false },
  'OTA finish: discard + cancel': { kind: 'ota-finish', cancel: true, discardData: true },
};

const FROM_SERVER = /answer 17|S→D|^call|^get|^GET|^signal|^discard|^OTA (start:|chunk \d|finish)/;

function bytesOf(name: Name): Buffer {
  const vector = coapVectors.find((row) => row.name === name);
  return Buffer.from(vector?.hex ?? '', 'hex');
}

describe('appendix B', () => {
  it.each(coapVectors)('$name is encoded byte for byte', ({ name, hex }) => {
    expect(encoded[name].toString('hex')).toBe(hex);
  });

  it.each(coapVectors)('$name is understood', ({ name }) => {
    const classify = FROM_SERVER.test(name) ? classifyFromServer : classifyFromDevice;
    expect(classify(decodeCoap(bytesOf(name)))).toMatchObject(meanings[name]);
  });

  it('the payloads of responses have the values that the table says', () => {
    const payload = (name: Name) => decodeCoap(bytesOf(name)).payload;
    expect(decodeTimeAnswer(payload('time answer 1700000000'))).toBe(1_700_000_000);
    expect(decodeFunctionResult(payload('return 1'))).toBe(1);
    expect(decodeFunctionResult(payload('return −1'))).toBe(-1);
    expect(decodeVariableValue('double', payload('double 21.5'))).toBe(21.5);
    expect(decodeVariableValue('int', payload('int 42'))).toBe(42);
    expect(decodeDescription(DescribeFlag.APPLICATION, 0, payload('POST Describe, app'))).toEqual({
      kind: 'application',
      application: { functions: ['led'], variables: { temp: 'double' } },
    });
  });

  it('a chunk has its data behind the header of the table', () => {
    expect(encodeOtaChunk({ id: 0x2001, index: 1, data: Uint8Array.of(1, 2) }).toString('hex')).toBe(
      '50022001b143e106e901ff0102',
    );
  });
});
