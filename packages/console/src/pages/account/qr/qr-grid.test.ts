import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { qrGrid } from './qr-grid.ts';

// All expected symbols were compared, module by module, with those that python-qrcode 8.2 makes with the same version, level and mask.
const rowsOf = (text: string): string[] => {
  const grid = qrGrid(text);
  const line = Array.from({ length: grid.size }, (_, at) => at);
  return line.map((y) => line.map((x) => (grid.get(x, y) === true ? '#' : '.')).join(''));
};
const digestOf = (text: string) => createHash('sha256').update(rowsOf(text).join('\n')).digest('hex');

test('a short text is a symbol of version 1', () => {
  expect(rowsOf('Hello, world')).toEqual([
    '#######..#....#######',
    '#.....#.......#.....#',
    '#.###.#.#.###.#.###.#',
    '#.###.#.#.#...#.###.#',
    '#.###.#.#..##.#.###.#',
    '#.....#.##..#.#.....#',
    '#######.#.#.#.#######',
    '........#.###........',
    '#.#####..#..#.#####..',
    '#...##.#.##.##..###.#',
    '..#...######.##..###.',
    '...##....#...#.#.##..',
    '.##..##..###..##....#',
    '........#.#.######...',
    '#######...#.####..##.',
    '#.....#.#...##.#.##..',
    '#.###.#.#######.#..##',
    '#.###.#.##.....###...',
    '#.###.#.#.###.##..#..',
    '#.....#..#..##..###..',
    '#######.##.#..#.#..#.',
  ]);
});

test.each([
  [
    49,
    'otpauth://totp/Cloud%20Chamber:ann%40example.net?issuer=Cloud%20Chamber&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
    'e7a9f1bc26c9631b3da2e7e07da3b616cd2f0d3ad30e90d75b61994e50fdcad9',
  ],
  [61, 'x'.repeat(214), '3955bc68f9b3f815fb17dbd5ebb7919b57644238f437dc088df7921b8315b8e1'],
  [97, 'x'.repeat(666), '444723e60be059247a82da701388ba25443dcef5b36cfe0cca9d51b8da23b3b8'],
])('versions with several blocks, with alignment patterns, of %i modules', (size, text, digest) => {
  expect(rowsOf(text)).toHaveLength(size);
  expect(digestOf(text)).toBe(digest);
});

test('what does not fit is refused', () => {
  expect(() => qrGrid('x'.repeat(667))).toThrow('too long');
});
