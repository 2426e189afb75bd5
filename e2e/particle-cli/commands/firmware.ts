import { randomBytes } from 'node:crypto';
import { deviceOs62, FirmwareStore } from '@cloudchamber/virtual-device';
import { assetDependency, buildModule, type ModuleExtension, ModuleFunction, sha256 } from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { expect } from 'vitest';
import { RecordedStream } from '../../harness/recorded-stream.ts';
import { newPerson, newProduct } from '../bench.ts';
import { type Commands, noCloud, notYet, works } from './command.ts';

const application = (version: number, extensions: readonly ModuleExtension[] = []): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version,
    platformId: deviceOs62.platformId,
    content: randomBytes(20_000),
    extensions,
  });

const versionIn = (firmware: FirmwareStore) => firmware.module(ModuleFunction.USER_PART, 1)?.version;

/** The application with one asset. */
function bundle(version: number): Uint8Array {
  const sound = randomBytes(3000);
  const extensions = [assetDependency({ name: 'bark.wav', hash: sha256(sound).toString('hex') })];
  return zipSync({ 'app.bin': application(version, extensions), 'assets/bark.wav': sound });
}

const NO_COMPILER = 'This server does not compile source code yet; flash binaries.';

export const firmwareCommands: Commands = [
  works(
    ['flash'],
    async (bench) => {
      const person = await newPerson(bench);
      const { terminal, client } = person;
      const firmware = new FirmwareStore();
      const { deviceId } = await bench.device(person, { firmware });
      const stream = await RecordedStream.open(client, { deviceId });
      const succeeded = async () => {
        await stream.received('spark/flash/status', 'success ');
        stream.events.length = 0;
      };

      await terminal.write('app.bin', application(11));
      const flashed = await terminal.particle(['flash', 'lamp', 'app.bin']);
      expect(flashed).toMatchObject({ code: 0, text: expect.stringContaining('Flash success!') });
      await succeeded();
      expect(versionIn(firmware)).toBe(11);

      await terminal.write('app.zip', bundle(12));
      const zipped = await terminal.particle(['flash', '--cloud', deviceId, 'app.zip']);
      expect(zipped).toMatchObject({ code: 0, text: expect.stringContaining('Flash success!') });
      await succeeded();
      expect(versionIn(firmware)).toBe(12);
      expect(firmware.assets.map(({ name }) => name)).toEqual(['bark.wav']);

      const known = await terminal.particle(['flash', 'lamp', 'tinker']);
      expect(known).toMatchObject({ code: 0, text: expect.stringContaining('Flashing firmware to your device lamp') });
      await succeeded();
      expect(versionIn(firmware)).not.toBe(12);

      await terminal.write('broken.bin', application(13).fill(0, 5000, 6000));
      const broken = await terminal.particle(['flash', 'lamp', 'broken.bin']);
      expect(broken).toMatchObject({ code: 1, text: expect.stringContaining('Failed to flash lamp') });
      await terminal.write('app.ino', 'void setup() {}');
      const source = await terminal.particle(['flash', 'lamp', 'app.ino']);
      expect(source).toMatchObject({ code: 1, text: expect.stringContaining('Failed to flash lamp') });
      stream.close();
    },
    'Over the air: .bin files, bundles and `tinker`. Source code is refused, since this server does not compile yet; `--local` and `--usb` need a cable.',
  ),
  works(
    ['cloud flash'],
    async (bench) => {
      const person = await newPerson(bench);
      const { terminal, client } = person;
      const product = await newProduct(client);
      const firmware = new FirmwareStore();
      const { deviceId } = await bench.device(person, { product, firmware });
      const stream = await RecordedStream.open(client, { product, deviceId });
      await terminal.write('app.bin', application(21));
      const line = ['cloud', 'flash', deviceId, 'app.bin', '--product', `${product}`];
      const flashed = await terminal.particle(line);
      expect(flashed).toMatchObject({ code: 0, text: expect.stringContaining('Flash success!') });
      await stream.received('spark/flash/status', 'success ');
      expect(versionIn(firmware)).toBe(21);
      expect((await client.getDevice({ product, deviceId })).body).toMatchObject({ development: true });
      stream.close();
    },
    'With `--product` the device becomes a development device first.',
  ),
  notYet(
    ['compile', 'cloud compile'],
    NO_COMPILER,
    [
      ['compile', 'p2', 'app.ino'],
      ['cloud', 'compile', 'p2', 'app.ino', '--target', '5.0.0'],
    ],
    { 'app.ino': 'void setup() {}' },
  ),
  noCloud(['binary inspect'], '', async ({ terminals }) => {
    const terminal = await terminals.open();
    await terminal.write('app.bin', application(31));
    const { text } = await terminal.particle(['binary', 'inspect', 'app.bin']);
    expect(text).toContain('CRC is ok');
    expect(text).toContain('module number 1 at version 31');
  }),
  noCloud(
    ['bundle', 'binary list-assets', 'binary strip-assets', 'binary enable-device-protection'],
    'Not run: they change files on the computer. `bundle` fails with the older `binary-version-reader`.',
  ),
];
