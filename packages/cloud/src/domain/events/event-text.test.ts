import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventText } from './event-text.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('eventText', () => {
  it('shows no data as null and text as it is', () => {
    expect(eventText(null, 0)).toBeNull();
    for (const format of [0, 40, 41, 50]) expect(eventText(Buffer.from('{"t":21.6} é'), format)).toBe('{"t":21.6} é');
  });

  it('shows text that is not UTF-8 as a data URL', () => {
    expect(eventText(bytes(0xff, 0xfe), 0)).toBe('data:application/octet-stream;base64,//4=');
  });

  it.each([
    [42, 'application/octet-stream'],
    [60, 'application/cbor'],
    [22, 'image/jpeg'],
    [23, 'image/png'],
    [12_345, 'application/octet-stream'],
  ])('shows format %i as a data URL of %s', (format, mediaType) => {
    expect(eventText(bytes(1, 2, 3), format)).toBe(`data:${mediaType};base64,AQID`);
  });

  it('shows JSON-as-CBOR as JSON text', () => {
    const value = { temp: 21.5, list: [1, 'two', null, true], big: 2n ** 60n, raw: bytes(251, 255) };
    expect(eventText(encode(value), 65001)).toBe(
      '{"big":1152921504606847000,"raw":"-_8","list":[1,"two",null,true],"temp":21.5}',
    );
  });

  it('shows CBOR that is no JSON as a data URL: broken, cut short, or nested beyond the stack', () => {
    for (const bad of [
      bytes(0xff),
      bytes(0x82, 0x01),
      bytes(0x01, 0x02),
      new Uint8Array(16_384).fill(0x81),
      bytes(0xf7),
    ]) {
      expect(eventText(bad, 65001)).toMatch(/^data:application\/cbor;base64,/);
    }
  });

  it('shows any bytes in any format as text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(0, 42, 60, 65001), (data, format) => {
        expect(typeof eventText(data, format)).toBe('string');
      }),
    );
  });
});
