import { expect, it } from 'vitest';
import { isTextName, readIdList } from './id-list.ts';

it('reads a device a line, each once, without case, blanks and a byte order mark', () => {
  expect(readIdList('\uFEFFE00FCE68A1B2C3D4E5F60718\r\n\n  p046abc \ne00fce68a1b2c3d4e5f60718\n')).toEqual({
    lines: ['e00fce68a1b2c3d4e5f60718', 'p046abc'],
    repeated: 1,
  });
  expect(readIdList(' \n')).toEqual({ lines: [], repeated: 0 });
});

it('knows names of text files', () => {
  expect(['devices.txt', 'A.TXT', 'devices'].every(isTextName)).toBe(true);
  expect(['devices.zip', 'firmware.bin', 'list.xlsx'].some(isTextName)).toBe(false);
});
