import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import { cidOf, parseRecords, writeSequence } from './record.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const plain = hex('17 fefd 0001 000000000005 0003 aabbcc');
const withCid = hex('19 fefd 0001 800000000006 1122334455667788 0002 ddee');

function kindOf(datagram: Uint8Array): string {
  try {
    parseRecords(datagram);
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
  return 'no error';
}

describe('parseRecords', () => {
  it('finds every record of a datagram', () => {
    const datagram = Buffer.concat([plain, withCid, plain]);
    const records = parseRecords(datagram);
    expect(records).toEqual(
      [
        { type: 23, epoch: 1, sequence: 5, cid: undefined, start: 0, fragmentStart: 13, end: 16 },
        {
          type: 25,
          epoch: 1,
          sequence: 0x800000000006,
          cid: Uint8Array.from(hex('1122334455667788')),
          start: 16,
          fragmentStart: 37,
          end: 39,
        },
        { type: 23, epoch: 1, sequence: 5, cid: undefined, start: 39, fragmentStart: 52, end: 55 },
      ].map((record) => ({ ...record, cid: record.cid && Buffer.from(record.cid) })),
    );
  });

  it('refuses a cut at any place', () => {
    for (const record of [plain, withCid]) {
      for (let length = 0; length < record.length; length++)
        expect(kindOf(record.subarray(0, length))).toBe('truncated');
    }
    expect(kindOf(Buffer.concat([plain, Buffer.of(0)]))).toBe('truncated');
  });

  it('refuses other versions and types', () => {
    for (const version of ['feff', 'fefc', '0303', '0000'])
      expect(kindOf(hex(`16${version}0000000000000000 0000`))).toBe('unsupported');
    for (const type of [0, 19, 24, 26, 252, 254, 255]) {
      const other = Buffer.from(plain);
      other[0] = type;
      expect(kindOf(other)).toBe('unsupported');
    }
  });

  it('takes the largest fragment there can be and refuses one more', () => {
    const of = (length: number): Buffer => {
      const record = Buffer.concat([plain.subarray(0, 13), Buffer.alloc(length)]);
      record.writeUInt16BE(length, 11);
      return record;
    };
    expect(kindOf(of(1184))).toBe('no error');
    expect(kindOf(of(1185))).toBe('too_large');
  });
});

it('finds the connection id that a datagram begins with', () => {
  expect(cidOf(withCid)).toEqual(hex('1122334455667788'));
  const moved = Buffer.from(withCid);
  moved[0] = 253;
  expect(cidOf(moved)).toEqual(hex('1122334455667788'));
  expect(cidOf(plain)).toBeUndefined();
  expect(cidOf(withCid.subarray(0, 20))).toBeUndefined();
  expect(cidOf(new Uint8Array(0))).toBeUndefined();
});

it('writes 48 bits of sequence', () => {
  const out = new Uint8Array(8);
  writeSequence(out, 0, 1, 2 ** 48 - 2);
  expect(Buffer.from(out).toString('hex')).toBe('0001fffffffffffe');
});
