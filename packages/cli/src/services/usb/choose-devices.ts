import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { isDeviceId, productDeviceId } from '../products/find-product-device.ts';
import { usbPlatform } from './usb-platform.ts';
import type { UsbDeviceInfo, UsbPort } from './usb-port.ts';

/** Which devices are meant. */
export interface Wanted {
  /** Ids, or names in the cloud. */
  readonly words: readonly string[];
  readonly all?: boolean;
  /** Whose device the names are of; own devices without. */
  readonly product?: string | undefined;
}

type Part = Pick<Context, 'ask' | 'cloud'>;

/**
 * The devices that are meant: those that were named, all, or the only one. Among several somebody at the terminal chooses.
 * @throws CliError `not-found` when one is not on USB, `usage` when there are several and nobody to choose
 */
export async function chooseDevices(wanted: Wanted, port: UsbPort, context: Part): Promise<readonly UsbDeviceInfo[]> {
  if (wanted.all === true) {
    if (wanted.words.length > 0) throw usageError('Name devices, or pass --all; not both');
    const devices = await port.list();
    if (devices.length === 0) throw noDevice();
    return devices;
  }
  if (wanted.words.length === 0) return [await chooseDevice(undefined, port, context, '<device>, or --all')];
  const ids: string[] = [];
  for (const word of wanted.words) ids.push(await idOf(word, wanted.product, context));
  const devices = await port.list();
  return [...new Set(ids)].map((id) => {
    const device = devices.find((one) => one.id === id);
    if (device === undefined) throw notHere(id, wanted.words[ids.indexOf(id)] ?? id);
    return device;
  });
}

/** The one device that is meant; `word` is its id or name. @param flag what to pass when there is nobody to choose */
export async function chooseDevice(
  word: string | undefined,
  port: UsbPort,
  context: Part,
  flag = '<device>',
): Promise<UsbDeviceInfo> {
  if (word !== undefined) {
    const [device] = await chooseDevices({ words: [word] }, port, context);
    if (device !== undefined) return device;
  }
  const devices = await port.list();
  const [first] = devices;
  if (first === undefined) throw noDevice();
  if (devices.length === 1) return first;
  if (!context.ask.possible) {
    const ids = devices.map(({ id }) => id).join(', ');
    throw usageError(`There are ${devices.length} devices on USB: ${ids}`, `Say which: pass ${flag}.`);
  }
  const choices = devices.map((one) => ({ value: one.id, label: `${one.id} (${typeOf(one)})` }));
  const chosen = await context.ask.select('Which device?', flag, choices);
  return devices.find(({ id }) => id === chosen) ?? first;
}

/** Platform and what the device does, as far as it is not running as usual: `Boron, DFU`. */
export function typeOf({ platformId, mode }: Pick<UsbDeviceInfo, 'platformId' | 'mode'>): string {
  const { name } = usbPlatform(platformId);
  return mode === 'dfu' || mode === 'listening' ? `${name}, ${mode.toUpperCase()}` : name;
}

async function idOf(word: string, product: string | undefined, { cloud }: Part): Promise<string> {
  if (isDeviceId(word)) return word.toLowerCase();
  if (product !== undefined) return productDeviceId(cloud, product, word);
  const { id } = await cloud.call('getDevice', { params: { deviceId: word } });
  return id;
}

function noDevice(): CliError {
  return new CliError('not-found', 'There is no device on USB of this machine', {
    next: 'Connect one with a cable that carries data; "chamber usb list" shows what is there.',
  });
}

function notHere(id: string, word: string): CliError {
  const name = word.toLowerCase() === id ? id : `${printable(word)} (${id})`;
  return new CliError('not-found', `The device ${name} is not on USB of this machine`, {
    next: '"chamber usb list" shows what is there.',
  });
}
