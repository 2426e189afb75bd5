import { deflateRawSync } from 'node:zlib';
import type { HelloFacts } from '@cloudchamber/gateway';
import {
  assetDependency,
  buildModule,
  combineModules,
  compressModule,
  HelloFlag,
  ModuleFlag,
  ModuleFunction,
  type ModuleToBuild,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../domain-error.ts';
import { planUpdate } from './plan-update.ts';
import { readUpload } from './read-upload.ts';

const hello: HelloFacts = {
  productId: 32,
  productVersion: 1,
  platformId: 32,
  flags: HelloFlag.OTA_V3 | HelloFlag.COMPRESSED_OTA,
  systemVersion: 6200,
  maxBinarySize: 50_000,
};
const plain = { ...hello, flags: HelloFlag.OTA_V3 };
const NOTHING: ReadonlySet<string> = new Set();

const BOOTLOADER = { function: ModuleFunction.BOOTLOADER, index: 0, version: 3100 };
const SYSTEM = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6300 };
const build = (module: Partial<ModuleToBuild> = {}) =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version: 7,
    platformId: 32,
    content: Buffer.from('code '.repeat(100)),
    ...module,
  });
const application = build({ dependencies: [SYSTEM] });
const system = build({ ...SYSTEM, dependencies: [BOOTLOADER] });
const bootloader = build(BOOTLOADER);

const plan = (files: Record<string, Uint8Array>, facts = hello, present = NOTHING) =>
  planUpdate(readUpload(Object.entries(files).map(([name, content]) => ({ name, content }))), facts, present);
const functionsOf = ({ images }: ReturnType<typeof plan>) => images.map(({ moduleFunction }) => moduleFunction);
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('planUpdate', () => {
  it('sends one file as it is, and knows the hash that the device will report', () => {
    const { images, applicationHash } = plan({ 'firmware.bin': application });
    expect(images).toEqual([{ data: application, moduleFunction: ModuleFunction.USER_PART }]);
    expect(applicationHash).toBe(readModule(application).suffix.hash);
  });

  it('puts modules after those that they depend on', () => {
    const files = { 'app.bin': application, 'system.bin': system, 'bootloader.bin': bootloader };
    expect(functionsOf(plan(files))).toEqual([BOOTLOADER.function, SYSTEM.function, ModuleFunction.USER_PART]);
  });

  it('sends compressed and combined files as they are, or module by module to devices that want that', () => {
    const compressed = compressModule(readModule(application), deflateRawSync).bytes;
    const combined = combineModules([bootloader, system].map((file) => readModule(file)));
    const files = { 'app.bin': compressed, 'system.bin': combined };
    const whole = plan(files);
    expect(whole.images.map(({ data }) => data)).toEqual([combined, compressed]);
    expect(plan(files, plain).images.map(({ data }) => data)).toEqual([bootloader, system, application]);
    expect(whole.applicationHash).toBe(readModule(application).suffix.hash);
  });

  it.each([
    ['another platform', { 'a.bin': build({ platformId: 13 }) }, /platform 13, and the device is of platform 32/],
    ['more than the device takes', { 'a.bin': build({ content: Buffer.alloc(60_000) }) }, /takes 50000 at most/],
    ['a damaged file', { 'a.bin': application.map((byte, at) => (at === 99 ? byte ^ 1 : byte)) }, /^a.bin: .*CRC/],
    ['something else', { 'a.bin': Buffer.from('hello') }, /^a.bin: no firmware module/],
    ['nothing', {}, /no file/],
    ['source code', { 'src/app.cpp': Buffer.from('void loop() {}') }, /Compiling of source code is not available/],
    ['two bundles', { 'a.zip': zipSync({}), 'b.zip': zipSync({}) }, /alone/],
  ])('refuses %s and says so', (_what, files: Record<string, Uint8Array>, reason) => {
    expect(refusal(() => plan(files))).toMatch(reason);
  });

  it('refuses modules that depend on each other in a circle', () => {
    const loop = build({ ...BOOTLOADER, dependencies: [SYSTEM] });
    expect(refusal(() => plan({ 'a.bin': loop, 'b.bin': system }))).toMatch(/circle/);
  });

  it('refuses a compressed module that holds something else', () => {
    const bomb = compressModule(readModule(application), () => deflateRawSync(Buffer.alloc(1_000_000))).bytes;
    expect(refusal(() => plan({ 'a.bin': bomb }))).toMatch(/a.bin/);
  });
});

describe('a bundle', () => {
  const cat = Buffer.from('meow '.repeat(200));
  const dog = Buffer.from('woof');
  const hashOf = (content: Uint8Array) => sha256(content).toString('hex');
  const extensions = [
    assetDependency({ name: 'cat.txt', hash: hashOf(cat) }),
    assetDependency({ name: 'sounds/dog.txt', hash: hashOf(dog) }),
  ];
  const app = build({ extensions });
  const bundle = (files: Record<string, Uint8Array>) => ({ 'bundle.zip': zipSync(files) });
  const whole = { 'app.bin': app, 'assets/cat.txt': cat, 'assets/sounds/dog.txt': dog };

  it('is the application, then its assets as modules, compressed where that is shorter', () => {
    const { images, applicationHash } = plan(bundle(whole));
    expect(images.map(({ moduleFunction }) => moduleFunction)).toEqual([5, 9, 9]);
    expect(images[0]?.data).toEqual(app);
    const assets = images.slice(1).map(({ data }) => readModule(data));
    expect(assets.map(({ prefix }) => prefix.flags & ModuleFlag.COMPRESSED)).toEqual([ModuleFlag.COMPRESSED, 0]);
    expect(applicationHash).toBe(readModule(app).suffix.hash);
    const uncompressed = plan(bundle(whole), plain)
      .images.slice(1)
      .map(({ data }) => readModule(data));
    expect(uncompressed.map(({ prefix }) => prefix.flags)).toEqual([ModuleFlag.DROP_INFO, ModuleFlag.DROP_INFO]);
  });

  it('leaves out the assets that the device has', () => {
    expect(functionsOf(plan(bundle(whole), hello, new Set([hashOf(cat)])))).toEqual([5, 9]);
  });

  it.each([
    ['without an application', { 'assets/cat.txt': cat }, /exactly one/],
    ['with two applications', { ...whole, 'other.bin': app }, /exactly one/],
    ['that lacks an asset', { 'app.bin': app, 'assets/cat.txt': cat }, /lacks the asset sounds\/dog.txt/],
    ['with another asset of that name', { ...whole, 'assets/cat.txt': dog }, /cat.txt is not the one/],
    ['with an asset that nobody asked for', { ...whole, 'assets/mouse': dog }, /mouse is not the one/],
  ])('%s is refused', (_what, files, reason) => {
    expect(refusal(() => plan(bundle(files)))).toMatch(reason);
  });

  it('is refused for a device that takes no assets', () => {
    expect(refusal(() => plan(bundle(whole), { ...hello, systemVersion: 4200 }))).toMatch(/takes no assets/);
  });
});
