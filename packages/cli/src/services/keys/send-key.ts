import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { isDeviceId } from '../products/find-product-device.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import type { UsbPort } from '../usb/usb-port.ts';
import { baseName, readIfThere } from './key-files.ts';
import { type FoundKey, readKey } from './key-pair.ts';
import { ALGORITHMS } from './key-places.ts';

interface Sending {
  /** Id or name; the device on USB without. */
  readonly device: string | undefined;
  readonly file: string | undefined;
  readonly product: string | undefined;
}

type Part = Pick<Context, 'out' | 'ask' | 'cloud' | 'cwd' | 'clock'>;

/** Tells the cloud a device's public key (CLI-66). Of a private key the public half is sent and nothing else. */
export async function sendKey(
  { device, file, product }: Sending,
  usb: () => Promise<UsbPort>,
  context: Part,
): Promise<void> {
  const id = await idOf(device, usb, context);
  const { key, name } = await keyIn(file ?? id, context);
  await registerKey({ id, key, file: name, product }, context);
  context.out.result({ id, algorithm: ALGORITHMS[key.transport] }, 'submitting public key succeeded!');
}

/** Sends a public key, and says so before. */
export async function registerKey(
  {
    id,
    key,
    file,
    product,
  }: { readonly id: string; readonly key: FoundKey; readonly file: string; readonly product?: string | undefined },
  { out, cloud, clock }: Pick<Context, 'out' | 'cloud' | 'clock'>,
): Promise<void> {
  out.note(`attempting to add a new public key for device ${id}`);
  const body = {
    deviceID: id,
    publicKey: key.publicPem,
    algorithm: ALGORITHMS[key.transport],
    filename: file,
    order: `manual_${clock.now()}`,
    ...(product !== undefined && { product_id: product }),
  };
  await cloud.call('registerKey', { params: { deviceId: id }, body });
}

async function idOf(device: string | undefined, usb: () => Promise<UsbPort>, context: Part): Promise<string> {
  if (device === undefined) return (await chooseDevice(undefined, await usb(), context)).id;
  if (isDeviceId(device)) return device.toLowerCase();
  return (await context.cloud.call('getDevice', { params: { deviceId: device } })).id;
}

async function keyIn(file: string, { cwd }: Part): Promise<{ readonly key: FoundKey; readonly name: string }> {
  const base = baseName(file);
  for (const name of [file, `${base}.pub.pem`, `${base}.der`]) {
    const content = await readIfThere(cwd, name);
    if (content === undefined) continue;
    const key = readKey(content);
    if (key === undefined) throw new CliError('failure', `${name} is no key of a device`);
    return { key, name };
  }
  throw new CliError('not-found', `There is no file ${base}.pub.pem and no ${base}.der`, {
    next: 'Make a key with "chamber keys new", or save the one of the device with "chamber keys save".',
  });
}
