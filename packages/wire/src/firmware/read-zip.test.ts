import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import { readZip as read } from './read-zip.ts';

const LIMITS = { entries: 10, totalBytes: 100_000 };
const readZip = (archive: Uint8Array, limits: typeof LIMITS) =>
  read(archive, limits, (data, limit) => inflateRawSync(data, { maxOutputLength: Math.max(1, limit) }));
const text = (characters: string) => Buffer.from(characters);
const FILES = { 'app.bin': text('application '.repeat(50)), 'assets/cat.txt': text('meow'), 'assets/empty': text('') };

/** Where the first entry of the central directory is. */
const directoryOf = (archive: Buffer) => archive.readUInt32LE(archive.length - 22 + 16);

describe('readZip', () => {
  it.each([0, 6, 9] as const)('reads what was packed at level %i', (level) => {
    const entries = readZip(zipSync(FILES, { level }), LIMITS);
    expect(Object.fromEntries(entries.map(({ name, content }) => [name, Buffer.from(content).toString()]))).toEqual(
      Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, content.toString()])),
    );
  });

  it('leaves folders out, and takes a comment at the end', () => {
    const archive = Buffer.from(zipSync({ 'assets/': new Uint8Array(), a: text('b') }));
    const commented = Buffer.concat([archive, text('hello')]);
    commented.writeUInt16LE(5, archive.length - 2);
    expect(readZip(commented, LIMITS).map(({ name }) => name)).toEqual(['a']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', text('this is no archive at all, but long enough')],
    ['a cut archive', Buffer.from(zipSync(FILES)).subarray(0, -1)],
    ['its end alone', Buffer.from(zipSync(FILES)).subarray(-22)],
  ])('refuses %s', (_what, archive) => {
    expect(() => readZip(archive, LIMITS)).toThrow(WireError);
  });

  it('refuses more files, or more bytes, than the limits', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`f${at}`, text('x')]));
    expect(() => readZip(zipSync(many), LIMITS)).toThrow(/more than 10 files/);
    const large = zipSync({ a: Buffer.alloc(60_000), b: Buffer.alloc(60_000) });
    expect(large.length).toBeLessThan(1000);
    expect(() => readZip(large, LIMITS)).toThrow(/more than 100000 bytes/);
  });

  it('refuses an entry that holds more than it says, without inflating it', () => {
    const bomb = Buffer.from(zipSync({ a: Buffer.alloc(50_000_000) }, { level: 9 }));
    bomb.writeUInt32LE(100, directoryOf(bomb) + 24);
    const before = performance.now();
    expect(() => readZip(bomb, LIMITS)).toThrow(/damaged/);
    expect(performance.now() - before).toBeLessThan(100);
  });

  it('refuses names twice, encrypted files, other methods and wrong checksums', () => {
    const archive = Buffer.from(zipSync({ aa: text('1'), ab: text('2') }, { level: 0 }));
    const first = directoryOf(archive);
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(archive);
      copy[at] = value;
      return () => readZip(copy, LIMITS);
    };
    const second = archive.indexOf('PK\x01\x02', first + 4, 'latin1');
    expect(changed(second + 47, 'a'.charCodeAt(0))).toThrow(/twice/);
    expect(changed(first + 8, 1)).toThrow(/encrypted/);
    expect(changed(first + 10, 12)).toThrow(/not known/);
    expect(changed(first + 16, 0)).toThrow(/damaged/);
  });

  it.each([
    '../a',
    'assets/../../a',
    '..',
    './a',
    '/etc/passwd',
    'assets//a',
    'C:\\a',
    'c:a',
    'assets\\a',
    'a\0.bin',
    'a\nb',
    '../',
    '/',
  ])('refuses the name %j', (name) => {
    expect(() => readZip(zipSync({ 'app.bin': text('a'), [name]: text('b') }), LIMITS)).toThrow(/leads elsewhere/);
  });

  it('refuses a name that is no UTF-8', () => {
    const archive = Buffer.from(zipSync({ ab: text('1') }));
    archive[directoryOf(archive) + 46] = 0xff;
    expect(() => readZip(archive, LIMITS)).toThrow(/leads elsewhere/);
  });

  it('takes names that only look like it', () => {
    const names = ['a..b', '...', '.hidden', 'assets/größe 1.txt', 'assets/a:b'];
    const archive = zipSync(Object.fromEntries(names.map((name) => [name, text('x')])));
    expect(readZip(archive, LIMITS).map(({ name }) => name)).toEqual(names);
  });

  it('refuses links, and takes files with permissions of Unix', () => {
    const entry = (mode: number) => zipSync({ 'assets/a': [text('/etc/passwd'), { os: 3, attrs: mode << 16 }] });
    expect(() => readZip(entry(0o120777), LIMITS)).toThrow(/link/);
    expect(readZip(entry(0o100644), LIMITS)).toHaveLength(1);
  });

  it('refuses 10,000 entries before it reads any', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`f${at}`, text('')]));
    expect(() => readZip(zipSync(many, { level: 0 }), LIMITS)).toThrow(/more than 10 files/);
  });

  it('reads no more entries than the archive says, however many there are', () => {
    const archive = Buffer.from(zipSync({ a: text('1'), b: text('2'), c: text('3') }));
    archive.writeUInt16LE(1, archive.length - 22 + 10);
    expect(readZip(archive, LIMITS).map(({ name }) => name)).toEqual(['a']);
  });

  it('never gives content that differs from what was packed, whatever is done to the bytes', () => {
    const archive = Buffer.from(zipSync(FILES));
    const contents = new Set(Object.values(FILES).map(String));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const damaged = Buffer.from(archive);
          for (const [at, value] of changes) damaged[at] = value;
          try {
            for (const { content } of readZip(damaged, LIMITS))
              expect(contents).toContain(Buffer.from(content).toString());
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
