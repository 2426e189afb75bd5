import { describe, expect, it } from 'vitest';
import type { CoapOptionFields } from '../coap/index.ts';
import { CoapCode, CoapType, decodeCoap, encodeCoap } from '../coap/index.ts';
import {
  classifyFromServer,
  encodeDescribeRequest,
  encodeDiscardSession,
  encodeEvent,
  encodeFunctionCall,
  encodeResponse,
  encodeServerHello,
  encodeSignal,
  encodeSignalAck,
  encodeVariableRequest,
} from './index.ts';

function request(code: number, options: CoapOptionFields[]) {
  return decodeCoap(encodeCoap({ type: CoapType.CON, code, id: 1, token: Uint8Array.of(7), options }));
}

const path = (value: Uint8Array | string) => ({ number: 11, value });
const query = (value: Uint8Array | string) => ({ number: 15, value });

describe('classifyFromServer', () => {
  it('takes an event with either letter, and its name split over options', () => {
    const split = request(CoapCode.POST, [path('E'), path('alerts'), path('hi')]);
    expect(classifyFromServer(split)).toMatchObject({ kind: 'event', name: 'alerts/hi' });
  });

  it('keeps the longest argument and value names whole', () => {
    const argument = 'ä'.repeat(512);
    const call = decodeCoap(encodeFunctionCall({ id: 1, token: 1, name: 'f'.repeat(64), argument }));
    expect(classifyFromServer(call)).toMatchObject({ kind: 'function-call', name: 'f'.repeat(64), argument });
  });

  it.each([
    ['a call without an argument', [path('f'), path('led')], 'malformed'],
    ['a call with two arguments', [path('f'), path('led'), query('a'), query('b')], 'malformed'],
    ['a call without a name', [path('f'), query('on')], 'malformed'],
    ['an argument that is not UTF-8', [path('f'), path('led'), query(Uint8Array.of(0xff))], 'malformed'],
    ['an argument of 1025 bytes', [path('f'), path('led'), query('a'.repeat(1025))], 'too_large'],
    ['a function name of 65 bytes', [path('f'), path('f'.repeat(65)), query('')], 'too_large'],
  ] as const)('refuses %s', (_what, options, kind) => {
    expect(() => classifyFromServer(request(CoapCode.POST, [...options]))).toThrow(expect.objectContaining({ kind }));
  });

  it('refuses a variable without a name', () => {
    expect(() => classifyFromServer(request(CoapCode.GET, [path('v')]))).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    );
  });

  it('asks for everything when a Describe request does not say what', () => {
    expect(classifyFromServer(request(CoapCode.GET, [path('d')]))).toMatchObject({
      kind: 'describe-request',
      flags: 3,
    });
  });

  it('reads the request for a further block of Describe', () => {
    const block2 = { number: 1, more: false, szx: 6 };
    const bytes = encodeDescribeRequest({ id: 2, token: 3, flags: 1, block2 });
    expect(classifyFromServer(decodeCoap(bytes))).toMatchObject({ kind: 'describe-request', flags: 1, block2 });
  });

  it('reads both signals and refuses others', () => {
    const off = decodeCoap(encodeSignal({ id: 0x1238, token: 10, on: false }));
    expect(classifyFromServer(off)).toMatchObject({ kind: 'signal', on: false });
    for (const options of [[path('s')], [path('s'), query('')], [path('s'), query(Uint8Array.of(2))]]) {
      expect(() => classifyFromServer(request(CoapCode.PUT, options))).toThrow(
        expect.objectContaining({ kind: 'malformed' }),
      );
    }
  });

  it('reads a Hello and an answer to a signal', () => {
    expect(encodeServerHello({ id: 5, confirmable: false }).toString('hex')).toBe('50020005b168');
    expect(classifyFromServer(decodeCoap(encodeServerHello({ id: 5 })))).toMatchObject({ kind: 'hello', id: 5 });
    const ack = encodeSignalAck({ id: 0x1238, token: Uint8Array.of(10) });
    expect(ack.toString('hex')).toBe('614412380a');
  });

  it('reads 2.31 with the block that it consents to', () => {
    const block1 = { number: 0, more: true, szx: 6 };
    const bytes = encodeResponse({
      type: CoapType.ACK,
      id: 1,
      token: Uint8Array.of(2),
      code: CoapCode.CONTINUE,
      block1,
    });
    expect(classifyFromServer(decodeCoap(bytes))).toMatchObject({ kind: 'response', code: 0x5f, block1 });
  });

  it.each([
    ['server-moved', CoapCode.POST, 'M'],
    ['ledger', CoapCode.POST, 'L'],
  ])('names %s without acting on it', (name, code, letter) => {
    expect(classifyFromServer(request(code, [path(letter)]))).toMatchObject({ kind: 'unsupported', name });
  });

  it('requests have a token of one byte and the path first (protocol section 3.1)', () => {
    const requests = [
      encodeFunctionCall({ id: 1, token: 300, name: 'f', argument: '' }),
      encodeVariableRequest({ id: 1, token: 300, name: 'v' }),
      encodeDescribeRequest({ id: 1, token: 300, flags: 1 }),
      encodeSignal({ id: 1, token: 300, on: true }),
      encodeDiscardSession({ id: 1, token: 300 }),
      encodeEvent({ id: 1, token: 300, name: 'e', data: '', contentFormat: 60 }),
    ].map((bytes) => decodeCoap(bytes));
    expect(requests.map(({ token }) => token)).toEqual(requests.map(() => Buffer.of(44)));
    expect(requests.map(({ options }) => options[0]?.number)).toEqual(requests.map(() => 11));
  });

  it.each([
    ['an empty event name', () => encodeEvent({ id: 1, name: '' }), 'malformed'],
    ['an event name of 65 bytes', () => encodeEvent({ id: 1, name: 'n'.repeat(65) }), 'too_large'],
    ['event data of 1025 bytes', () => encodeEvent({ id: 1, name: 'n', data: 'd'.repeat(1025) }), 'too_large'],
    ['a TTL above 24 bits', () => encodeEvent({ id: 1, name: 'n', ttlSeconds: 16_777_216 }), 'malformed'],
    [
      'an argument of 1025 bytes',
      () => encodeFunctionCall({ id: 1, token: 1, name: 'f', argument: 'ä'.repeat(513) }),
      'too_large',
    ],
    ['a variable without a name', () => encodeVariableRequest({ id: 1, token: 1, name: '' }), 'malformed'],
  ])('%s is not sent', (_what, encode, kind) => {
    expect(encode).toThrow(expect.objectContaining({ kind }));
  });
});
