import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import type { ApplicationDescribe, FirmwareModule, SystemDescribe } from './index.ts';
import {
  DescribeFlag,
  decodeApplicationDescribe,
  decodeDescription,
  decodeMetrics,
  decodeSystemDescribe,
  decodeSystemDescribeJson,
  encodeApplicationDescribe,
  encodeCombinedDescribe,
  encodeMetrics,
  encodeSystemDescribe,
  encodeSystemDescribeJson,
  ModuleFunction,
  ModuleStore,
} from './index.ts';

const uint32 = fc.nat(0xffffffff);
const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => Buffer.byteLength(text) <= 64);
const asset = fc.record({ hash: sha256, name, size: uint32, storageSize: uint32 });
const identity = { function: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8), index: fc.nat(255), version: fc.nat(65_535) };
const jsonModule = {
  ...identity,
  store: fc.constantFrom(...Object.values(ModuleStore)),
  maxSize: uint32,
  checkedFlags: uint32,
  passedFlags: uint32,
  dependencies: fc.array(fc.record(identity), { maxLength: 3 }),
};
const protobufModule = fc.record(
  { ...jsonModule, size: uint32, hash: sha256, assetDependencies: fc.array(asset, { maxLength: 2 }) },
  {
    requiredKeys: [
      'function',
      'index',
      'version',
      'store',
      'maxSize',
      'size',
      'checkedFlags',
      'passedFlags',
      'dependencies',
      'assetDependencies',
    ],
  },
);
const systems: fc.Arbitrary<SystemDescribe> = fc.record(
  {
    modules: fc.array(protobufModule, { maxLength: 4 }),
    imei: name,
    iccid: name,
    modemFirmware: name,
    assets: fc.array(asset, { maxLength: 3 }),
    protectedState: fc.boolean(),
  },
  { requiredKeys: ['modules', 'assets', 'protectedState'] },
);
const applications: fc.Arbitrary<ApplicationDescribe> = fc.record({
  functions: fc.uniqueArray(name, { maxLength: 5 }),
  variables: fc.dictionary(name, fc.constantFrom('bool', 'int', 'string', 'double')),
});

const userPart: FirmwareModule = {
  function: ModuleFunction.USER_PART,
  index: 1,
  version: 6,
  store: ModuleStore.MAIN,
  maxSize: 262_144,
  size: 0,
  checkedFlags: 30,
  passedFlags: 30,
  hash: 'ab'.repeat(32),
  dependencies: [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: 3300 }],
  assetDependencies: [],
};

describe('the application part', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(applications, (application) => {
        const decoded = decodeApplicationDescribe(encodeApplicationDescribe(application));
        expect(decoded.functions).toEqual(application.functions);
        expect(Object.entries(decoded.variables)).toEqual(Object.entries(application.variables));
      }),
    );
  });

  it('takes types by number and by name', () => {
    const document = '{"v":{"a":1,"b":2,"c":4,"d":9,"e":"bool","f":"int","g":"string","h":"double"}}';
    const { variables } = decodeApplicationDescribe(Buffer.from(document));
    expect(Object.values(variables)).toEqual(['bool', 'int', 'string', 'double', 'bool', 'int', 'string', 'double']);
  });

  it('may be empty', () => {
    expect(decodeApplicationDescribe(Buffer.from('{}'))).toEqual({ functions: [], variables: {} });
    expect(decodeApplicationDescribe(Buffer.from('{"f":[],"v":{}}'))).toEqual({ functions: [], variables: {} });
  });

  it('keeps a variable named __proto__ a variable', () => {
    const { variables } = decodeApplicationDescribe(Buffer.from('{"v":{"__proto__":2}}'));
    expect(Object.entries(variables)).toEqual([['__proto__', 'int']]);
    expect(Object.getPrototypeOf(variables)).toBe(Object.prototype);
  });

  it.each([
    ['no JSON', '{"f":', 'malformed'],
    ['an array', '[]', 'malformed'],
    ['null', 'null', 'malformed'],
    ['functions that are no array', '{"f":{}}', 'malformed'],
    ['a function that is no text', '{"f":[1]}', 'malformed'],
    ['an empty name', '{"f":[""]}', 'malformed'],
    ['a name of 65 bytes', `{"f":["${'n'.repeat(65)}"]}`, 'malformed'],
    ['an unknown type', '{"v":{"a":3}}', 'malformed'],
    ['a document above the limit', `{"f":[${' '.repeat(16_384)}]}`, 'too_large'],
    ['deep nesting', '['.repeat(16_000), 'malformed'],
  ])('refuses %s', (_what, text, kind) => {
    expect(() => decodeApplicationDescribe(Buffer.from(text))).toThrow(expect.objectContaining({ kind }));
  });

  it('refuses text that is not UTF-8', () => {
    expect(() => decodeApplicationDescribe(Buffer.from('7b2266223a5b22ff225d7d', 'hex'))).toThrow(WireError);
  });
});

describe('the system part', () => {
  it('comes out as it went in, as protobuf', () => {
    fc.assert(
      fc.property(systems, (system) => {
        fc.pre(encodeSystemDescribe(system).length <= 16_384);
        expect(decodeSystemDescribe(encodeSystemDescribe(system))).toEqual(system);
      }),
    );
  });

  it('has the field numbers of protocol section 8.3', () => {
    const system = { modules: [userPart], imei: '35', assets: [], protectedState: false };
    expect(encodeSystemDescribe(system).toString('hex')).toBe(
      [
        '0a3f',
        '0805',
        '1001',
        '1806',
        '28808010',
        '351e000000',
        '3d1e000000',
        `4220${'ab'.repeat(32)}`,
        '4a07',
        '08041001',
        '18e419',
        '12023335',
      ].join(''),
    );
  });

  it('skips protobuf fields that it does not know', () => {
    const unknown = Buffer.from('3a03010203' + 'a00601' + 'ad0601020304' + 'a1060102030405060708', 'hex');
    const known = encodeSystemDescribe({ modules: [], imei: '35', assets: [], protectedState: true });
    expect(decodeSystemDescribe(Buffer.concat([unknown, known, unknown]))).toMatchObject({
      imei: '35',
      protectedState: true,
    });
  });

  it.each([
    ['field number 0', '0001', 'malformed'],
    ['a group', '0b', 'malformed'],
    ['wire type 7', '0f', 'malformed'],
    ['a length beyond the end', '0a05', 'truncated'],
    ['a length of 2^63', '0affffffffffffffff7f', 'truncated'],
    ['a module that is an integer', '0801', 'malformed'],
    ['an index above 32 bits', '0a06108080808010', 'malformed'],
    ['an IMEI that is not UTF-8', '1201ff', 'malformed'],
    ['a document above the limit', '3a00'.repeat(8193), 'too_large'],
  ])('refuses protobuf with %s', (_what, hex, kind) => {
    expect(() => decodeSystemDescribe(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind }));
  });

  it('comes out as it went in, as JSON', () => {
    const modules = fc.array(fc.record(jsonModule), { maxLength: 3 });
    fc.assert(
      fc.property(modules, (plain) => {
        const full = plain.map((module) => ({ ...module, size: 0, hash: undefined, assetDependencies: [] }));
        const system = { platformId: 13, modules: full, assets: [], protectedState: false };
        expect(decodeSystemDescribeJson(encodeSystemDescribeJson(system))).toEqual(system);
      }),
    );
  });

  it('reads the JSON of Device OS before 5.5', () => {
    const text =
      '{"p":10,"imei":"354","iccid":"890","cellfw":"L0","m":[{"s":49152,"l":"m","vc":30,"vv":26,"f":"b","n":"0","v":1200,"d":[]},' +
      `{"s":262144,"l":"m","vc":30,"vv":30,"u":"${'AB'.repeat(32)}","f":"u","n":"1","v":6,"d":[{"f":"s","n":"1","v":3300}]}]}`;
    expect(decodeSystemDescribeJson(Buffer.from(text))).toMatchObject({
      platformId: 10,
      imei: '354',
      iccid: '890',
      modemFirmware: 'L0',
      modules: [{ function: ModuleFunction.BOOTLOADER, maxSize: 49_152, passedFlags: 26, version: 1200 }, userPart],
    });
  });

  it('refuses JSON fields of another type', () => {
    for (const text of ['{"m":1}', '{"m":[1]}', '{"p":"x"}', '{"imei":5}', '{"m":[{"v":-1}]}', '{"m":[{"n":"x"}]}']) {
      expect(() => decodeSystemDescribeJson(Buffer.from(text))).toThrow(expect.objectContaining({ kind: 'malformed' }));
    }
  });
});

describe('metrics', () => {
  it('have the layout of protocol section 8.4', () => {
    const metrics = [
      { id: 19, value: -70 },
      { id: 2, error: -120 },
    ];
    const hex = ['00', '0400', '0200', '0400', '1300', 'baffffff', '0280', '88ffffff'].join('');
    expect(encodeMetrics(metrics).toString('hex')).toBe(hex);
    expect(decodeMetrics(Buffer.from(hex, 'hex'))).toEqual(metrics);
  });

  it('come out as they went in', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const id = fc.nat(0x7fff);
    const metric = fc.oneof(fc.record({ id, value: int32 }), fc.record({ id, error: int32 }));
    fc.assert(
      fc.property(fc.array(metric), (metrics) => {
        expect(decodeMetrics(encodeMetrics(metrics))).toEqual(metrics);
      }),
    );
  });

  it.each([
    ['another format', '01040002000400', 'unsupported'],
    ['another type', '00050002000400', 'unsupported'],
    ['values of 8 bytes', '00040002000800', 'unsupported'],
    ['half a header', '000400', 'truncated'],
    ['half a pair', '000400020004000100ff', 'truncated'],
  ])('are refused with %s', (_what, hex, kind) => {
    expect(() => decodeMetrics(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind }));
  });
});

describe('decodeDescription', () => {
  const application: ApplicationDescribe = { functions: ['led'], variables: { temp: 'double' } };
  const system: SystemDescribe = { platformId: 6, modules: [userPart], assets: [], protectedState: false };

  it('tells the forms apart by flags and content format', () => {
    const { platformId: _, ...withoutPlatform } = system;
    expect(decodeDescription(2, 0, encodeApplicationDescribe(application))).toEqual({
      kind: 'application',
      application,
    });
    expect(decodeDescription(1, 0, encodeSystemDescribeJson(system))).toEqual({ kind: 'system', system });
    expect(decodeDescription(1, 42, encodeSystemDescribe(system))).toEqual({ kind: 'system', system: withoutPlatform });
    expect(decodeDescription(3, 0, encodeCombinedDescribe(application, system))).toEqual({
      kind: 'combined',
      application,
      system,
    });
    expect(decodeDescription(4, 0, encodeMetrics([]))).toEqual({ kind: 'metrics', metrics: [] });
  });

  it('refuses flags that no firmware uses', () => {
    expect(() => decodeDescription(8, 0, new Uint8Array(0))).toThrow(expect.objectContaining({ kind: 'unsupported' }));
  });

  it('any bytes decode or throw WireError', () => {
    const flags = fc.constantFrom(...Object.values(DescribeFlag), 3);
    const json = fc.json().map((text) => new Uint8Array(Buffer.from(text)));
    fc.assert(
      fc.property(
        flags,
        fc.constantFrom(0, 42),
        fc.oneof(fc.uint8Array({ maxLength: 80 }), json),
        (flag, format, bytes) => {
          try {
            expect(decodeDescription(flag, format, bytes).kind).toBeTypeOf('string');
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
