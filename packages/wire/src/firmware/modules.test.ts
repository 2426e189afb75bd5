import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../crypto/index.ts';
import { ModuleFunction } from '../messages/index.ts';
import { WireError } from '../wire-error.ts';
import {
  assetDependency,
  buildAssetModule,
  buildModule,
  combineModules,
  compressModule,
  crc32,
  dependencyExtension,
  ExtensionType,
  expandModule,
  findModule,
  locationExtension,
  ModuleFlag,
  readHashExtension,
  readModule,
  splitModules,
} from './index.ts';

const CONTENT = Buffer.from('the code of an application. '.repeat(200));
const SYSTEM = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6200 };
const LOCATION = { moduleStart: 0x8010000, dynalibLoad: 0x20001000, dynalibStart: 0x8012000 };
const USER = { function: ModuleFunction.USER_PART, index: 1, version: 7, platformId: 32, content: CONTENT };
const inflate = (data: Uint8Array, limit: number) => inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });

describe('crc32', () => {
  it('is the one of the check value in the books', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe('a module file', () => {
  it('is read as it was built', () => {
    const file = buildModule({
      ...USER,
      startAddress: 0x85f0000,
      dependencies: [SYSTEM],
      product: { id: 12_345, version: 3 },
    });
    const { prefix, suffix, bytes, dependencies } = readModule(file);
    expect(prefix).toMatchObject({ offset: 0, function: 5, index: 1, version: 7, platformId: 32, flags: 0 });
    expect(prefix.endAddress - prefix.startAddress + 4).toBe(file.length);
    expect(suffix).toMatchObject({ size: 40, productId: 12_345, productVersion: 3 });
    expect(dependencies).toEqual([SYSTEM]);
    expect(bytes).toEqual(file);
    expect(suffix.hash).toBe(sha256(file.subarray(0, file.length - 38)).toString('hex'));
    expect(file.readUInt32BE(file.length - 4)).toBe(crc32(file.subarray(0, file.length - 4)));
    expect(file.readUInt16LE(file.length - 6)).toBe(40);
  });

  it.each([0, 0xc0, 0x10c, 0x184, 0x200, 32, 8192])('has its prefix behind %i bytes of vector table', (length) => {
    const file = buildModule({ ...USER, vectors: Buffer.alloc(length, 0xaa) });
    expect(readModule(file).prefix).toMatchObject({ offset: length, version: 7 });
  });

  it('tells of the assets and modules that it needs, in extensions', () => {
    const hash = sha256(Buffer.from('cat')).toString('hex');
    const bootloader = { function: ModuleFunction.BOOTLOADER, index: 0, version: 3000 };
    const needed = dependencyExtension(bootloader);
    expect(needed.data).toEqual(Buffer.of(2, 0, 0xb8, 0x0b, 0, 0, 0, 0));
    const file = buildModule({
      ...USER,
      dependencies: [SYSTEM],
      extensions: [assetDependency({ name: 'cat.jpg', hash }), needed],
    });
    const module = readModule(file);
    expect(module.assets).toEqual([{ name: 'cat.jpg', hash }]);
    expect(module.dependencies).toEqual([SYSTEM, bootloader]);
    expect(module.suffix).toMatchObject({ productId: 0xffff, productVersion: 0xffff });
  });

  it('tells of assets behind its prefix', () => {
    const hash = '11'.repeat(32);
    const { type, data } = assetDependency({ name: 'a', hash });
    const extensions = Buffer.concat([Buffer.of(type, 0, 4 + data.length, 0), data, Buffer.of(0, 0, 4, 0)]);
    const content = Buffer.concat([extensions, CONTENT]);
    const module = readModule(buildModule({ ...USER, flags: ModuleFlag.PREFIX_EXTENSIONS, content }));
    expect(module.assets).toEqual([{ name: 'a', hash }]);
    const compressed = compressModule(module, deflateRawSync);
    expect(compressed.assets).toEqual(module.assets);
    expect(expandModule(compressed, inflate).bytes).toEqual(module.bytes);
  });

  it.each([
    ['a bare suffix', { suffix: 'bare' }, 36, undefined],
    ['short numbers of a product', { product: { id: 12_345, version: 3 } }, 40, [12_345, 3]],
    ['short numbers of no product', {}, 40, [0xffff, 0xffff]],
    ['the product in an extension', { suffix: 'extended', product: { id: 12_345, version: 3 } }, 46, [12_345, 3]],
    ['the product behind extensions', { suffix: 'ended', product: { id: 26, version: 3 } }, 44, [26, 3]],
    ['no product in an extension', { suffix: 'extended' }, 46, [0xffff, 0xffff]],
    ['a location', { extensions: [locationExtension(LOCATION)], product: { id: 9, version: 1 } }, 62, [9, 1]],
  ] as const)('may end in %s', (_what, ending, size, product) => {
    const { suffix } = readModule(buildModule({ ...USER, ...ending }));
    expect(suffix.size).toBe(size);
    expect([suffix.productId, suffix.productVersion]).toEqual(product ?? [undefined, undefined]);
    expect(suffix.location).toEqual(size === 62 ? LOCATION : undefined);
  });

  it('has the number of its product where compilers put it', () => {
    const product = { id: 32, version: 4 };
    const file = buildModule({ ...USER, suffix: 'extended', product });
    expect(file.subarray(-50, -40).toString('hex')).toBe('01000a00ffff20000400');
  });

  it('is read as it was built, whatever it is made of', () => {
    const u8 = fc.nat(0xff);
    const u16 = fc.nat(0xffff);
    const u32 = fc.nat(0xffffffff);
    const dependency = fc.record({ function: fc.integer({ min: 1, max: 9 }), index: u8, version: u16 });
    const built = fc.record({
      function: fc.integer({ min: 1, max: 9 }),
      index: u8,
      version: u16,
      platformId: fc.nat(0x7fff),
      startAddress: fc.nat(0x7fffffff),
      inPrefix: fc.array(dependency, { maxLength: 2 }),
      further: fc.array(dependency, { maxLength: 3 }),
      assets: fc.array(fc.record({ name: fc.string({ minLength: 1, maxLength: 40 }), content: fc.uint8Array() }), {
        maxLength: 3,
      }),
      product: fc.record({ id: u16, version: u16 }),
      suffix: fc.constantFrom('extended' as const, 'ended' as const),
      location: fc.option(fc.record({ moduleStart: u32, dynalibLoad: u32, dynalibStart: u32 }), { nil: undefined }),
      offset: fc.constantFrom(0, 0xc0, 0x10c, 0x184, 0x200, 4, 5000),
      content: fc.uint8Array({ maxLength: 500 }),
    });
    fc.assert(
      fc.property(built, ({ inPrefix, further, assets, product, location, offset, ...module }) => {
        const named = assets.map(({ name, content }) => ({ name, hash: sha256(content).toString('hex') }));
        const extensions = [
          ...further.map(dependencyExtension),
          ...named.map(assetDependency),
          ...(location === undefined ? [] : [locationExtension(location)]),
        ];
        const vectors = Buffer.alloc(offset, 0xee);
        const file = buildModule({ ...module, vectors, dependencies: inPrefix, extensions, product });
        const read = readModule(file);
        const { function: kind, index, version, platformId, startAddress } = module;
        expect(read.prefix).toMatchObject({ function: kind, index, version, platformId, startAddress, offset });
        expect(read.suffix).toMatchObject({ productId: product.id, productVersion: product.version });
        expect(read.suffix.location).toEqual(location);
        expect(read.dependencies).toEqual([...inPrefix, ...further]);
        expect(read.assets).toEqual(named);
        const compressed = compressModule(read, deflateRawSync);
        expect(expandModule(compressed, inflate).bytes).toEqual(file);
        expect(splitModules(combineModules([read, compressed, read])).map(({ bytes }) => bytes)).toEqual(
          [read, compressed, read].map(({ bytes }) => bytes),
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each(['bare', 'short', 'extended', 'ended'] as const)('is refused with any bit of it wrong (%s)', (suffix) => {
    const file = buildModule({ ...USER, content: CONTENT.subarray(0, 30), suffix });
    for (let at = 0; at < file.length * 8; at++) {
      const damaged = Buffer.from(file);
      damaged[at >> 3] = (damaged[at >> 3] as number) ^ (1 << (at & 7));
      expect(() => readModule(damaged)).toThrow(WireError);
    }
  });

  it('is refused when its CRC was made to fit and its hash was not', () => {
    const file = buildModule(USER);
    file[100] = (file[100] as number) ^ 1;
    file.writeUInt32BE(crc32(file.subarray(0, file.length - 4)), file.length - 4);
    expect(() => readModule(file)).toThrow(/SHA-256/);
  });

  it('is refused when it is cut off, empty, or something else', () => {
    const file = buildModule({ ...USER, content: CONTENT.subarray(0, 300) });
    for (let length = 0; length < file.length; length++) {
      expect(() => readModule(file.subarray(0, length))).toThrow(WireError);
      expect(() => splitModules(file.subarray(0, length))).toThrow(WireError);
    }
    expect(() => readModule(Buffer.concat([file, Buffer.of(0)]))).toThrow(WireError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readModule(bytes)).toThrow(WireError);
      }),
    );
  });

  it.each([
    ['of a network processor', ModuleFunction.NCP_FIRMWARE, true],
    ['of anything else', ModuleFunction.USER_PART, false],
  ])('%s with the hash of its content alone (function %i): accepted is %s', (_what, kind, accepted) => {
    const file = buildModule({ ...USER, function: kind });
    sha256(CONTENT).copy(file, file.length - 38);
    file.writeUInt32BE(crc32(file.subarray(0, file.length - 4)), file.length - 4);
    const read = () => readModule(file).prefix.function;
    if (accepted) expect(read()).toBe(kind);
    else expect(read).toThrow(/SHA-256/);
  });
});

describe('compressed modules', () => {
  it.each([
    ['an application', buildModule(USER)],
    ['a system part with a vector table', buildModule({ ...USER, vectors: Buffer.alloc(0x200, 1), function: 4 })],
    ['an asset', buildAssetModule('cat.txt', CONTENT)],
  ])('expand to the file that %s was', (_what, file) => {
    const module = readModule(file);
    const compressed = compressModule(module, deflateRawSync);
    expect(compressed.prefix.flags & ModuleFlag.COMPRESSED).toBe(ModuleFlag.COMPRESSED);
    expect(compressed.prefix).toMatchObject({ function: module.prefix.function, version: module.prefix.version });
    expect(compressed.bytes.length).toBeLessThan(file.length / 2);
    expect(expandModule(compressed, inflate).bytes).toEqual(file);
  });

  it('are refused when they hold something else than they say', () => {
    const compressed = compressModule(readModule(buildModule(USER)), deflateRawSync);
    const bomb = compressModule(readModule(buildModule(USER)), () => deflateRawSync(Buffer.alloc(1_000_000)));
    const nonsense = compressModule(readModule(buildModule(USER)), () => Buffer.alloc(500, 0xff));
    const other = compressModule(readModule(buildModule(USER)), () =>
      deflateRawSync(Buffer.alloc(readModule(buildModule(USER)).bytes.length)),
    );
    for (const bad of [bomb, nonsense, other]) expect(() => expandModule(bad, inflate)).toThrow(WireError);
    expect(() => expandModule(readModule(buildModule(USER)), inflate)).toThrow(WireError);
    expect(() => expandModule(compressed, () => Buffer.alloc(1))).toThrow(WireError);
  });
});

describe('combined modules', () => {
  const files = [1, 2, 3].map((index) => buildModule({ ...USER, index, content: CONTENT.subarray(index) }));

  it('come apart into the files that they were made of', () => {
    const combined = combineModules(files.map((file) => readModule(file)));
    expect(combined.length).toBe(files.reduce((sum, file) => sum + file.length, 0));
    expect(splitModules(combined).map(({ bytes }) => bytes)).toEqual(files);
  });

  it('may be one', () => {
    const [file] = files;
    expect(file && splitModules(file).map(({ bytes }) => bytes)).toEqual([file]);
  });

  it('are refused when the last is missing or something follows it', () => {
    const combined = combineModules(files.map((file) => readModule(file)));
    const last = files.at(-1)?.length ?? 0;
    expect(() => splitModules(combined.subarray(0, -last))).toThrow(WireError);
    expect(() => splitModules(combined.subarray(0, -1))).toThrow(WireError);
    expect(() => splitModules(Buffer.concat([combined, Buffer.alloc(8)]))).toThrow(WireError);
  });
});

describe('an asset module', () => {
  it('has the form of protocol section 9.5', () => {
    const { prefix, suffix } = readModule(buildAssetModule('sounds/cat.wav', CONTENT));
    expect(prefix).toMatchObject({ function: 9, startAddress: 0, flags: ModuleFlag.DROP_INFO, platformId: 0 });
    const [hash, name, product] = suffix.extensions;
    expect(hash && readHashExtension(hash)).toBe(sha256(CONTENT).toString('hex'));
    expect(Buffer.from(name?.data ?? []).toString()).toBe('sounds/cat.wav');
    expect(product).toMatchObject({ type: ExtensionType.PRODUCT_DATA, data: Buffer.alloc(6, 0xff) });
  });
});

describe('a module that is only looked for', () => {
  const file = buildModule({ ...USER, platformId: 32, vectors: Buffer.alloc(0x200, 1) });

  it('has both CRCs, right or wrong', () => {
    const right = findModule(file);
    expect(right.prefix).toEqual(readModule(file).prefix);
    expect(right.storedCrc).toBe(right.actualCrc);
    const damaged = Buffer.from(file);
    damaged[700] = (damaged[700] as number) ^ 1;
    const wrong = findModule(damaged);
    expect(wrong.prefix).toEqual(right.prefix);
    expect(wrong.storedCrc).toBe(right.storedCrc);
    expect(wrong.actualCrc).not.toBe(right.actualCrc);
  });

  it('may have more behind it, or may end too early', () => {
    const longer = Buffer.concat([file, Buffer.alloc(10)]);
    expect(() => findModule(longer)).toThrow(expect.objectContaining({ kind: 'malformed' }));
    expect(findModule(longer, false).bytes).toEqual(file);
    expect(() => findModule(file.subarray(0, -1))).toThrow(/has \d+ bytes, of which \d+ are there/);
    expect(() => findModule(file.subarray(0, 300))).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  it('is never found in what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => findModule(bytes)).toThrow(WireError);
      }),
    );
  });
});
