import { isIPv4 } from 'node:net';
import {
  decodeServerAddress,
  decodeServerKeyFile,
  encodeServerKeyFile,
  type ServerAddress,
  WireError,
} from '@cloudchamber/wire';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import { inDfu } from '../usb/open-device.ts';
import type { UsbPort } from '../usb/usb-port.ts';
import { writeVerified } from './device-key.ts';
import { readIfThere, writeKeyFile } from './key-files.ts';
import { readKey } from './key-pair.ts';
import { ALGORITHMS, DEFAULT_ADDRESSES, keysOf, type Transport } from './key-places.ts';

type Part = Pick<Context, 'out' | 'ask' | 'cloud' | 'cwd' | 'clock' | 'interrupted'>;

export interface ServerKeyOptions {
  /** A public key, or a file for a device; the key of the profile's cloud without. */
  readonly file: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** What a device is to be told of its cloud. */
interface ServerKey {
  readonly bytes: Buffer;
  /** Undefined when the device goes to its default. */
  readonly address: ServerAddress | undefined;
}

/** Writes the cloud's key and address into the device, which stays in DFU mode (CLI-67, CON-23); with `output` into a file instead. */
export async function setServerKey(
  options: ServerKeyOptions & { readonly output: string | undefined; readonly transport: Transport | undefined },
  usb: () => Promise<UsbPort>,
  context: Part,
): Promise<void> {
  const { output } = options;
  if (output !== undefined) {
    const transport = options.transport ?? 'udp';
    const { bytes, address } = await serverKey(options, transport, context);
    await writeKeyFile(context.cwd, output, bytes);
    context.out.result({ file: output, address: addressText(transport, address) }, `Wrote ${output}`);
    return;
  }
  const port = await usb();
  const device = await chooseDevice(undefined, port, context);
  const { server, transport } = keysOf(device.platformId);
  const key = await serverKey(options, transport, context);
  await inDfu(port, device, context, 'stay', (opened) => writeVerified(opened, server, key.bytes));
  const address = addressText(transport, key.address);
  context.out.result({ id: device.id, address }, [
    `Server key written to device ${device.id}: it will connect to ${address}`,
    `It stays in DFU mode: flash what it shall run, or start it with "chamber usb reset ${device.id}".`,
  ]);
}

/** The bytes for a device. @throws CliError `usage` when nobody said where the device finds the cloud, and it cannot be told */
export async function serverKey(
  { file, host, port }: ServerKeyOptions,
  transport: Transport,
  context: Pick<Context, 'cloud' | 'cwd'>,
): Promise<ServerKey> {
  if (port !== undefined && host === undefined && file !== undefined) throw usageError('--port needs --host');
  const found = file === undefined ? await ofCloud(transport, host, context) : await inFile(file, transport, context);
  const at = host ?? found.address?.host;
  const address =
    at === undefined ? undefined : { host: at, port: port ?? found.address?.port ?? DEFAULT_ADDRESSES[transport].port };
  try {
    return { address, bytes: encodeServerKeyFile({ spki: found.spki, ...(address !== undefined && { address }) }) };
  } catch (error) {
    if (error instanceof WireError) throw usageError(`A device cannot hold that: ${error.message}`);
    throw error;
  }
}

interface Found {
  readonly spki: Uint8Array;
  readonly address?: ServerAddress | undefined;
}

async function ofCloud(
  transport: Transport,
  host: string | undefined,
  { cloud }: Pick<Context, 'cloud'>,
): Promise<Found> {
  const reply = await cloud.anonymous.call('getServerKey', { query: { algorithm: ALGORITHMS[transport] } });
  const key = readKey(Buffer.from(reply.public_key));
  if (key === undefined) throw new CliError('server', `${cloud.url} has no key that a device can use`);
  const port = (transport === 'udp' ? reply.udp_port : reply.tcp_port) ?? DEFAULT_ADDRESSES[transport].port;
  const own = host ?? new URL(cloud.url).hostname;
  if (host === undefined && isLoopback(own)) {
    throw usageError(
      `A device cannot reach the cloud at ${own}: that is this machine as it sees itself`,
      'Pass the address that devices reach it at, such as --host 192.168.1.10.',
    );
  }
  return { spki: key.spki, address: { host: own, port } };
}

async function inFile(file: string, transport: Transport, { cwd }: Pick<Context, 'cwd'>): Promise<Found> {
  const content = await readIfThere(cwd, file);
  if (content === undefined) throw new CliError('not-found', `There is no file ${file}`);
  const key = readKey(content);
  if (key === undefined || key.transport !== transport) {
    const wanted = transport === 'udp' ? 'P-256' : 'RSA with 2048 bits';
    throw new CliError('failure', `${file} is no server key for this device, which needs ${wanted}`);
  }
  return { spki: key.spki, address: addressIn(content) };
}

function addressIn(content: Buffer): ServerAddress | undefined {
  try {
    return decodeServerKeyFile(content).address;
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Prints where the device finds its cloud (CLI-68, CON-24). */
export async function showServerAddress(port: UsbPort, context: Part): Promise<void> {
  const device = await chooseDevice(undefined, port, context);
  const { server, addressOffset, transport } = keysOf(device.platformId);
  const bytes = await inDfu(port, device, context, 'restart', (opened) => opened.readDfu(server, server.size));
  let address: ServerAddress | undefined;
  try {
    address = decodeServerAddress(bytes.subarray(addressOffset));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new CliError('failure', `The device ${device.id} has an address that it cannot use: ${error.message}`, {
      next: 'Give it another with "chamber keys server".',
    });
  }
  const text = addressText(transport, address);
  context.out.result({ id: device.id, address: text, is_default: address === undefined }, text);
}

/** Such as `udp://$id.udp.particle.io:5684`; for an address that was never written, the one that the device uses then. */
export function addressText(transport: Transport, address: ServerAddress | undefined): string {
  const { host, port } = address ?? DEFAULT_ADDRESSES[transport];
  // Other programs leave the port out.
  return `${transport}://${host}:${port === 0xffff ? DEFAULT_ADDRESSES[transport].port : port}`;
}
