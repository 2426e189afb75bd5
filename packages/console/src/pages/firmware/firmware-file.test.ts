import { deflateRawSync } from 'node:zlib';
import { buildModule, ModuleFunction, type ModuleToBuild } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { readFirmwareFile } from './firmware-file.ts';

const APPLICATION: ModuleToBuild = {
  function: ModuleFunction.USER_PART,
  version: 6,
  platformId: 32,
  content: Buffer.alloc(2000, 'code'),
  product: { id: 1042, version: 7 },
};
const FACTS = { version: 7, productId: 1042, platformId: 32 };

/** An archive with the fields that are read (PKWARE APPNOTE 4.3). */
function zip(entries: Readonly<Record<string, Buffer>>, method: 0 | 8): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

describe('readFirmwareFile', () => {
  it('reads product and version of an application, behind a vector table too', async () => {
    expect(await readFirmwareFile('valves.bin', buildModule(APPLICATION))).toEqual({ kind: 'binary', ...FACTS });
    const behind = buildModule({ ...APPLICATION, vectors: Buffer.alloc(0x200) });
    expect(await readFirmwareFile('valves.bin', behind)).toEqual({ kind: 'binary', ...FACTS });
  });

  it('says when the numbers were not compiled in', async () => {
    const bare = buildModule({ ...APPLICATION, suffix: 'bare' });
    expect(await readFirmwareFile('valves.bin', bare)).toEqual({
      kind: 'binary',
      platformId: 32,
      version: undefined,
      productId: undefined,
    });
  });

  it.each([0, 8] as const)('reads the application of a bundle, packed by method %s', async (method) => {
    const bundle = zip({ 'assets/sound.bin': Buffer.alloc(40), 'app.bin': buildModule(APPLICATION) }, method);
    expect(await readFirmwareFile('valves.zip', bundle)).toEqual({ kind: 'bundle', ...FACTS });
  });

  it('leaves what it cannot read to the cloud', async () => {
    const system = buildModule({ ...APPLICATION, function: ModuleFunction.SYSTEM_PART });
    const cutOff = buildModule(APPLICATION).subarray(0, 1000);
    const damaged = zip({ 'app.bin': buildModule(APPLICATION) }, 8);
    damaged.fill(0xff, 40, 60);
    for (const bytes of [system, cutOff, new Uint8Array(), Buffer.from('text')]) {
      expect(await readFirmwareFile('a.bin', bytes)).toBeUndefined();
      expect(await readFirmwareFile('a.zip', bytes)).toBeUndefined();
    }
    expect(await readFirmwareFile('a.zip', damaged)).toBeUndefined();
  });
});
