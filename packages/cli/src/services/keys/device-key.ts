import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import { inDfu } from '../usb/open-device.ts';
import type { UsbDevice, UsbDeviceInfo, UsbPort } from '../usb/usb-port.ts';
import { allowOverwriting, baseName, readIfThere, writeKeyFile } from './key-files.ts';
import { type FoundKey, generateDeviceKey, readKey } from './key-pair.ts';
import { type KeyPlace, keysOf, SHORT_NAMES, type Transport } from './key-places.ts';

type Part = Pick<Context, 'out' | 'ask' | 'cloud' | 'cwd' | 'clock' | 'interrupted'>;
const ERASED = 0xff;

/** Makes a key pair in `<name>.der` and `<name>.pub.pem` (CLI-63). With `transport` no device is needed. */
export async function newKey(
  { name, transport }: { readonly name: string | undefined; readonly transport: Transport | undefined },
  usb: () => Promise<UsbPort>,
  context: Part,
): Promise<void> {
  const device =
    transport === undefined || name === undefined ? await chooseDevice(undefined, await usb(), context) : undefined;
  const base = baseName(name ?? device?.id ?? '');
  const files = await writeNewKey(base, transport ?? keysOf(device?.platformId ?? 0).transport, context);
  const whose = device === undefined ? '' : ` for device ${device.id}`;
  context.out.result(
    { id: device?.id ?? null, private_key: files.der, public_key: files.pem },
    `New key ${files.der} created${whose}`,
  );
}

async function writeNewKey(base: string, transport: Transport, { ask, cwd }: Part) {
  const files = { der: `${base}.der`, pem: `${base}.pub.pem` };
  await allowOverwriting([files.der, files.pem], { ask, cwd });
  const key = generateDeviceKey(transport);
  await writeKeyFile(cwd, files.der, key.der);
  await writeKeyFile(cwd, files.pem, key.publicPem);
  return { ...files, key };
}

/** Writes a private key into the device (CLI-64), after the one that it has was saved. */
export async function loadKey(file: string | undefined, port: UsbPort, context: Part): Promise<void> {
  const device = await chooseDevice(undefined, port, context);
  const name = `${baseName(file ?? device.id)}.der`;
  const key = await privateKeyIn(name, keysOf(device.platformId).transport, context);
  const backup = await inDfu(port, device, context, 'restart', (opened) => replaceKey(opened, key, context));
  context.out.result({ id: device.id, file: name, backup: backup ?? null }, `Key ${name} written to device`);
  context.out.note(`If the cloud does not know it yet, run "chamber keys send ${device.id} ${name}".`);
}

async function privateKeyIn(name: string, transport: Transport, { cwd }: Part): Promise<Buffer> {
  const file = await readIfThere(cwd, name);
  if (file === undefined) {
    throw new CliError('not-found', `There is no file ${name}`, { next: 'Make one with "chamber keys new".' });
  }
  const key = readKey(file);
  if (key?.der === undefined) throw new CliError('failure', `${name} is no private key`);
  const { own } = keysOf(transport === 'udp' ? 13 : 6);
  if (key.transport === transport && key.der.length <= own.size) return key.der;
  const wanted = transport === 'udp' ? 'P-256' : 'RSA with 1024 bits';
  throw new CliError('failure', `${name} is no key for this device, which needs ${wanted}`, {
    next: 'Make one with "chamber keys new".',
  });
}

/** @returns the name of the file with the key that was there; undefined when there was none */
async function replaceKey(opened: UsbDevice, der: Buffer, context: Part): Promise<string | undefined> {
  const { own, transport } = keysOf(opened.platformId);
  const before = readKey(await opened.readDfu(own, own.size));
  let backup: string | undefined;
  if (before?.der === undefined) context.out.note('The device has no key that could be saved.');
  else {
    backup = await backUp(`backup_${SHORT_NAMES[transport]}_${opened.id}`, before.der, context);
    context.out.note(`Saved existing key to ${backup}`);
  }
  await writeVerified(opened, own, der);
  return backup;
}

/** A backup is never overwritten: it may be the only copy. */
async function backUp(base: string, der: Buffer, { cwd }: Part): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${base}.der` : `${base}_${number}.der`;
    const there = await readIfThere(cwd, name);
    if (there?.equals(der) === true) return name;
    if (there !== undefined) continue;
    await writeKeyFile(cwd, name, der);
    return name;
  }
}

/** Writes a whole place, erased behind the data, and reads it again. @throws CliError when the device holds something else afterwards */
export async function writeVerified(opened: UsbDevice, place: KeyPlace, data: Uint8Array): Promise<void> {
  const whole = Buffer.alloc(place.size, ERASED);
  whole.set(data);
  await opened.writeDfu(place, whole, false, () => {});
  if ((await opened.readDfu(place, place.size)).equals(whole)) return;
  throw new CliError('failure', `The device ${opened.id} did not keep what was written`, {
    next: 'It is in DFU mode: run the command again.',
  });
}

/** Saves the private key of the device (CLI-65), and its public half beside it. */
export async function saveKey(
  { file, force }: { readonly file: string | undefined; readonly force: boolean },
  port: UsbPort,
  context: Part,
): Promise<void> {
  const device = await chooseDevice(undefined, port, context);
  const base = baseName(file ?? device.id);
  const [name, publicName] = [`${base}.der`, `${base}.pub.pem`];
  if (!force) await allowOverwriting([name, publicName], context, '--force');
  const { own } = keysOf(device.platformId);
  const bytes = await inDfu(port, device, context, 'restart', (opened) => opened.readDfu(own, own.size));
  const key = readKey(bytes);
  if (key?.der === undefined) {
    throw new CliError('failure', `The device ${device.id} has no key, or a damaged one`, {
      next: 'Give it another with "chamber keys doctor".',
    });
  }
  await writeKeyFile(context.cwd, name, key.der);
  await writeKeyFile(context.cwd, publicName, key.publicPem);
  context.out.result({ id: device.id, private_key: name, public_key: publicName }, `Saved existing key to ${name}`);
}

/** Makes a key pair, writes it into the device and tells the cloud. @returns the names of its files */
export async function giveNewKey(
  device: UsbDeviceInfo,
  opened: UsbDevice,
  send: (key: FoundKey, file: string) => Promise<void>,
  context: Part,
): Promise<{ readonly der: string; readonly pem: string }> {
  const { transport } = keysOf(device.platformId);
  const base = `${device.id}_${SHORT_NAMES[transport]}_new`;
  const { der, pem, key } = await writeNewKey(base, transport, context);
  context.out.note(`New key ${der} created for device ${device.id}`);
  await replaceKey(opened, key.der, context);
  context.out.note(`Key ${der} written to device`);
  await send(key, pem);
  return { der, pem };
}
