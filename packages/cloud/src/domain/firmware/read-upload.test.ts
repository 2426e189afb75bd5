import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readUpload } from './read-upload.ts';

const module = (content: string) =>
  buildModule({ function: ModuleFunction.USER_PART, version: 1, platformId: 32, content: Buffer.from(content) });
const APPLICATION = module('an application');
const bundle = (files: Record<string, Uint8Array>) => ({ name: 'bundle.zip', content: zipSync(files, { level: 1 }) });
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'device.bad_firmware', message: expect.stringMatching(message) });

describe('readUpload', () => {
  it('reads a bundle: the application at its root, and its assets by their names', () => {
    const cat = Buffer.from('meow');
    const files = { 'app.bin': APPLICATION, 'assets/sounds/cat.wav': cat, 'assets/': new Uint8Array(), readme: cat };
    const upload = readUpload([bundle(files)]);
    expect(upload.files).toMatchObject([{ name: 'app.bin', modules: [{ prefix: { version: 1 } }] }]);
    expect([...upload.assets].map(([name, content]) => [name, Buffer.from(content).toString()])).toEqual([
      ['sounds/cat.wav', 'meow'],
    ]);
  });

  it.each([
    ['no application', { 'assets/cat.wav': Buffer.from('meow') }, /exactly one/],
    ['an application below its root', { 'firmware/app.bin': APPLICATION }, /exactly one/],
    ['two applications', { 'app.bin': APPLICATION, 'other.BIN': APPLICATION }, /exactly one/],
    ['an application that is none', { 'app.bin': Buffer.from('nothing of the kind') }, /app\.bin/],
    ['an asset beside its folder', { 'app.bin': APPLICATION, 'assets/../../a': APPLICATION }, /leads elsewhere/],
    ['more content than any device has room for', bomb(), /more than \d+ bytes/],
    ['10,000 assets', manyAssets(), /more than \d+ files/],
  ])('refuses a bundle with %s', (_what, files, message) => {
    expect(() => readUpload([bundle(files)])).toThrow(refusal(message));
  });

  it('refuses a bundle beside other files, nothing at all, and a module with a wrong bit', () => {
    const damaged = Buffer.from(APPLICATION);
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    const bin = { name: 'app.bin', content: APPLICATION };
    expect(() => readUpload([bundle({ 'app.bin': APPLICATION }), bin])).toThrow(refusal(/alone/));
    expect(() => readUpload([])).toThrow(refusal(/no file/));
    expect(() => readUpload([{ ...bin, content: damaged }])).toThrow(refusal(/app\.bin/));
  });
});

/** 18 MB that take less than 100 kB. */
function bomb(): Record<string, Uint8Array> {
  return { 'app.bin': APPLICATION, 'assets/a': Buffer.alloc(9_000_000), 'assets/b': Buffer.alloc(9_000_000) };
}

function manyAssets(): Record<string, Uint8Array> {
  const assets = Array.from({ length: 10_000 }, (_, at) => [`assets/${at}`, Buffer.alloc(0)] as const);
  return { 'app.bin': APPLICATION, ...Object.fromEntries(assets) };
}
