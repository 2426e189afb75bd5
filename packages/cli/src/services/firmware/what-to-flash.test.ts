import { describe, expect, it } from 'vitest';
import { type Place, whatToFlash } from './what-to-flash.ts';

const PLACES: ReadonlyMap<string, Place> = new Map([
  ['a.bin', 'file'],
  ['B.BIN', 'file'],
  ['c.zip', 'file'],
  ['notes.txt', 'file'],
  ['app.ino', 'file'],
  ['project', 'folder'],
]);
const of = (...words: string[]) => whatToFlash(words, (path) => PLACES.get(path));

describe('whatToFlash', () => {
  it('takes .bin files, one bundle, or the name of an application', () => {
    expect(of('a.bin', 'B.BIN')).toEqual({ kind: 'files', paths: ['a.bin', 'B.BIN'] });
    expect(of('c.zip')).toEqual({ kind: 'files', paths: ['c.zip'] });
    expect(of('tinker')).toEqual({ kind: 'app', name: 'tinker' });
  });

  it.each([[[]], [['project']], [['.ino']], [['app.ino']], [['lib.cpp', 'lib.h']], [['a.bin', 'lib.h']]])(
    'does not compile %j',
    (words) => {
      expect(() => of(...words)).toThrow(/does not compile yet/);
    },
  );

  it.each([
    [['none.bin'], 'failure', /no file none\.bin/],
    [['tinker', 'a.bin'], 'failure', /no file tinker/],
    [['path/to/none'], 'failure', /no file path/],
    [['notes.txt'], 'usage', /ends in \.bin or \.zip/],
    [['a.bin', 'c.zip'], 'usage', /flashed alone/],
  ])('refuses %j', (words, kind, message) => {
    const call = () => of(...words);
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ kind }));
  });
});
