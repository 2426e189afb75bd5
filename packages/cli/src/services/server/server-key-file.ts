import { createPublicKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { encodeServerKeyFile, isServerHost, type ServerAddress } from '@cloudchamber/wire';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

/** Of a cloud's key: `ecc` for devices over UDP, `rsa` for devices over TCP. */
export type Algorithm = 'ecc' | 'rsa';

export interface SavedServerKey {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly algorithm: Algorithm;
  /** SHA-256 of the DER public key, hex. */
  readonly fingerprint: string;
  readonly address: ServerAddress;
}

interface Wanted {
  readonly algorithm: Algorithm;
  /** What the device is to connect to; what the cloud calls itself when undefined. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly out: string | undefined;
}

/** `udp://$id.udp.example.net:5684`, as devices and tools show where a device connects to (CON-24). */
export function serverAddressUrl({ host, port }: ServerAddress, algorithm: Algorithm): string {
  return `${algorithm === 'rsa' ? 'tcp' : 'udp'}://${host}:${port}`;
}

/** Whether only this machine itself reaches that host. */
export function isOnlyThisMachine(host: string): boolean {
  return /^(127\.|localhost$)/.test(host);
}

/**
 * Makes the file that is written to a device: the cloud's public key, the newest while it is being changed, and where to connect to (CON-23, CLI-67).
 * @throws CliError when the cloud takes no such devices, or the address is none
 */
export async function saveServerKey(
  { cloud, cwd }: Pick<Context, 'cloud' | 'cwd'>,
  { algorithm, host, port, out }: Wanted,
): Promise<SavedServerKey> {
  const key = await cloud.anonymous.call('getServerKey', { query: { algorithm } });
  const own = host ?? (await ownHost(cloud, algorithm));
  if (!isServerHost(own)) {
    throw usageError(
      `--host is an IPv4 address or a name of up to 63 characters, with $id in it at most once, not "${own}"`,
    );
  }
  const listens = algorithm === 'rsa' ? key.tcp_port : key.udp_port;
  const at = port ?? listens;
  if (at === null) throw takesNone(algorithm, '--port');
  const address = { host: own, port: at };
  const spki = createPublicKey(key.public_key).export({ format: 'der', type: 'spki' });
  const content = encodeServerKeyFile({ spki, address });
  const file = resolve(cwd, out ?? `server-${algorithm}.der`);
  await writeFile(file, content);
  return { file, bytes: content.length, algorithm, fingerprint: key.fingerprint, address };
}

/** The host that the cloud itself gives to devices. */
async function ownHost(cloud: Context['cloud'], algorithm: Algorithm): Promise<string> {
  const { addresses } = await cloud.anonymous.call('listCloudAddresses');
  const transport = algorithm === 'rsa' ? 'tcp' : 'udp';
  const own = addresses.find((address) => address.used_by === 'devices' && address.transport === transport);
  if (own === undefined) throw takesNone(algorithm, '--host');
  return own.host.replace('*', '$id');
}

function takesNone(algorithm: Algorithm, flag: string): CliError {
  const transport = algorithm === 'rsa' ? 'TCP' : 'UDP';
  return new CliError('failure', `This cloud takes no devices over ${transport}`, {
    next: `Pass ${flag} to make the file all the same.`,
  });
}
