import { describe, expect, it } from 'vitest';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

describe('ByteWriter', () => {
  it('writes what ByteReader reads back, growing in the middle of every kind of value', () => {
    for (let capacity = 1; capacity <= 32; capacity++) {
      const bytes = new ByteWriter(capacity)
        .u8(1)
        .u16(0x0203)
        .u24(0x040506)
        .u32(0x0708090a)
        .u48(0x0b0c0d0e0f10)
        .u16le(0x1211)
        .u32le(0x16151413)
        .bytes(Uint8Array.of(0x17, 0x18))
        .finish();
      expect(bytes.toString('hex')).toBe('0102030405060708090a0b0c0d0e0f101112131415161718');
    }
  });

  it('hands out a copy that further writing leaves alone', () => {
    const writer = new ByteWriter(8).u8(1);
    const first = writer.finish();
    writer.u8(2);
    expect([...first]).toEqual([1]);
  });
});

describe('ByteReader', () => {
  it('reads every width and counts its way', () => {
    const reader = new ByteReader(Buffer.from('0102030405060708090a0b0c0d0e0f101112131415161718', 'hex'));
    expect(reader.u8()).toBe(1);
    expect(reader.u16()).toBe(0x0203);
    expect(reader.u24()).toBe(0x040506);
    expect(reader.u32()).toBe(0x0708090a);
    expect(reader.u48()).toBe(0x0b0c0d0e0f10);
    expect(reader.u16le()).toBe(0x1211);
    expect(reader.u32le()).toBe(0x16151413);
    expect([...reader.rest()]).toEqual([0x17, 0x18]);
    reader.expectEnd();
  });

  it('throws with the offset instead of reading short', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3));
    reader.u8();
    expect(() => reader.u32()).toThrow(expect.objectContaining({ code: 'bytes.short', offset: 1 }));
    expect(() => reader.bytes(-1)).toThrow(expect.objectContaining({ code: 'bytes.short' }));
    expect(() => reader.expectEnd()).toThrow(/2 bytes left over/);
  });
});
