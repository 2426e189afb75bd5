import { describe, expect, it } from 'vitest';
import { readIdList } from './read-id-list.ts';

const read = (text: string | Uint8Array) => readIdList(Buffer.from(text), 'ids.txt');

describe('readIdList', () => {
  it('takes lines of any system, without blanks and repetitions', () => {
    expect(read('aa\r\nbb\r\n\r\n  cc  \nAA\rdd')).toEqual({ ids: ['aa', 'bb', 'cc', 'dd'], repeated: 1 });
  });

  it('knows the marks of encodings', () => {
    expect(read(Buffer.from('\ufeffaa\nbb', 'utf8')).ids).toEqual(['aa', 'bb']);
    expect(read(Buffer.from('\ufeffaa\r\nbb\r\n', 'utf16le')).ids).toEqual(['aa', 'bb']);
    expect(read(Buffer.from('\ufeffaa\r\nbb\r\n', 'utf16le').swap16()).ids).toEqual(['aa', 'bb']);
  });

  it('refuses what is no list', () => {
    expect(() => read('\n \r\n')).toThrow('ids.txt names no device');
    expect(() => read('aa\nbb,lamp\n')).toThrow('ids.txt has several columns in line 2');
    expect(() => read('a\0b')).toThrow('ids.txt is not a text file');
  });
});
