import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  assetDependency,
  buildAssetModule,
  buildModule,
  combineModules,
  compressModule,
  ModuleFunction,
  type ModuleToBuild,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspectFirmware } from './inspect-firmware.ts';
import { inspectText } from './inspect-text.ts';

const SYSTEM = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6 };
const BOOTLOADER = { function: ModuleFunction.BOOTLOADER, index: 0, version: 502 };
const module = (more: Partial<ModuleToBuild> = {}): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version: 3,
    platformId: 6,
    content: Buffer.alloc(2000, 'code'),
    ...more,
  });
const crcOf = (file: Buffer): string => file.subarray(-4).toString('hex');
const textOf = (name: string, file: Uint8Array): string[] => inspectText(inspectFirmware(name, file));

describe('binary inspect', () => {
  it('tells of a system module as the published tool does', () => {
    const file = module({ function: 4, index: 2, version: 6, dependencies: [SYSTEM], suffix: 'bare' });
    expect(textOf('file.bin', file)).toEqual([
      'file.bin',
      ` CRC is ok (${crcOf(file)})`,
      ' Compiled for photon',
      ' This is a system module number 2 at version 6',
      ' It depends on a system module number 1 at version 6',
    ]);
  });

  it.each([
    [ModuleFunction.BOOTLOADER, 'a bootloader'],
    [ModuleFunction.MONOLITHIC, 'a monolithic firmware'],
    [ModuleFunction.NCP_FIRMWARE, 'a network coprocessor (NCP) module'],
    [ModuleFunction.RADIO_STACK, 'a radio stack module'],
  ])('names function %i', (kind, words) => {
    expect(textOf('a.bin', module({ function: kind, index: 0 }))[3]).toBe(` This is ${words} number 0 at version 3`);
  });

  it('tells of two dependencies, a product, an unknown platform, and of leading zeros of the CRC', () => {
    const file = module({ dependencies: [SYSTEM, BOOTLOADER], product: { id: 12_345, version: 7 }, platformId: 999 });
    expect(textOf('a.bin', file).slice(2)).toEqual([
      ' Compiled for unknown platform (ID: 999)',
      ' This is an application module number 1 at version 3',
      ' It depends on a system module number 1 at version 6',
      ' It also depends on a bootloader number 0 at version 502',
      ' It is for product 12345 at version 7',
    ]);
    const zero = Array.from({ length: 400 }, (_, version) => module({ version })).find((one) => one.at(-4) === 0);
    if (zero === undefined) throw new Error('no CRC begins with a zero');
    expect(textOf('a.bin', zero)[1]).toMatch(/^ CRC is ok \(00[0-9a-f]{6}\)$/);
  });

  it('tells of a wrong CRC, and what the rest says', () => {
    const file = module({ dependencies: [SYSTEM] });
    const stored = crcOf(file);
    file[500] = 0;
    const report = inspectFirmware('a.bin', file);
    expect(report.problems).toEqual(['a.bin: the CRC is wrong, the file is damaged']);
    expect(report.modules[0]).toMatchObject({ crc: { ok: false, stored }, sha256_ok: null, platform: 'photon' });
    const [, crc, ...rest] = inspectText(report);
    expect(crc).toMatch(new RegExp(`^ CRC failed \\(should be ${stored} but is [0-9a-f]{8}\\)$`));
    expect(rest[2]).toBe(' It depends on a system module number 1 at version 6');
  });

  it('takes combined, compressed and asset modules', () => {
    const parts = [1, 2, 3].map((index) => readModule(module({ function: 4, index })));
    expect(textOf('all.bin', combineModules(parts)).filter((line) => !line.startsWith(' '))).toEqual([
      'all.bin (1 of 3)',
      'all.bin (2 of 3)',
      'all.bin (3 of 3)',
    ]);
    const whole = readModule(module());
    const packed = compressModule(whole, deflateRawSync).bytes;
    const line = ` It is compressed: ${packed.length} bytes become ${whole.bytes.length}`;
    expect(textOf('small.bin', packed)).toContain(line);
    const asset = textOf('cat.bin', buildAssetModule('cat.txt', Buffer.from('meow')));
    expect(asset.slice(2)).toEqual([' This is an asset module number 0 at version 0']);
  });

  it('tells of a bundle and its assets', () => {
    const [cat, dog] = [Buffer.from('meow'), randomBytes(50)];
    const hash = sha256(cat).toString('hex');
    const named = (name: string) => assetDependency({ name, hash });
    const app = module({ extensions: [named('cat.txt'), named('gone.txt')] });
    const report = inspectFirmware('b.zip', zipSync({ 'app.bin': app, 'assets/cat.txt': cat, 'assets/dog': dog }));
    expect(report.problems).toEqual([]);
    expect(inspectText(report)).toEqual([
      'b.zip',
      'app.bin',
      ` CRC is ok (${crcOf(app)})`,
      ' Compiled for photon',
      ' This is an application module number 1 at version 3',
      ` It needs the asset cat.txt (${hash})`,
      ` It needs the asset gone.txt (${hash}), which is not in the bundle`,
      'assets/cat.txt',
      ` 4 bytes (${hash})`,
      ' The application names it',
      'assets/dog',
      ` 50 bytes (${sha256(dog).toString('hex')})`,
      ' The application does not name it',
    ]);
    const other = inspectFirmware('b', zipSync({ 'app.bin': app, 'assets/cat.txt': dog }));
    expect(other.problems).toEqual(['The asset cat.txt is not the one that the application names']);
  });

  it.each([
    ['text', Buffer.from('this is no firmware'), /no firmware module/],
    ['a module that is cut off', module().subarray(0, -7), /has \d+ bytes, of which \d+ are there/],
    ['noise', randomBytes(5000), /no firmware module/],
    ['an archive without a module', zipSync({ 'a.txt': Buffer.from('a') }), /no \.bin file at its root/],
    ['an archive that is cut off', zipSync({ 'a.bin': module() }).subarray(0, -9), /no \.zip archive/],
    ['an archive of too much', zipSync({ 'a.bin': new Uint8Array(17 * 1024 * 1024) }), /more than \d+ bytes/],
    [
      'a combined file that is cut off',
      combineModules([1, 2].map((index) => readModule(module({ index })))).subarray(0, -4),
      /bytes, of which|no firmware/,
    ],
  ])('refuses %s', (_what, file, message) => {
    expect(() => inspectFirmware('a.bin', file)).toThrow(expect.objectContaining({ kind: 'failure' }));
    expect(() => inspectFirmware('a.bin', file)).toThrow(message);
  });

  it('finds what follows a module', () => {
    const report = inspectFirmware('a.bin', Buffer.concat([module(), Buffer.alloc(5)]));
    expect(report.problems).toEqual(['a.bin: 5 bytes follow the module']);
  });
});
