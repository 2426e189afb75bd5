import { lookup } from 'node:dns/promises';
import { ChamberError } from '@cloudchamber/kernel';
import type { ServerAddress } from '../datagram-socket.ts';
import { CloudApi } from '../io/cloud-api.ts';
import { readServerKey } from '../io/read-server-key.ts';
import type { CommandOptions } from './options.ts';

const DEFAULT_PORT = 5684;

/**
 * Where the cloud listens and which key it has: from the options, then from the key's file, and from the cloud's API where they leave it open.
 * @throws ChamberError that says what to do
 */
export async function findServer(options: CommandOptions): Promise<{ server: ServerAddress; serverSpki: Uint8Array }> {
  const { api, serverKey: path } = options;
  const fromFile = path === undefined ? undefined : await readServerKey(path);
  const written = fromFile?.address;
  const fromApi =
    api !== undefined && (fromFile === undefined || (options.port ?? written?.port) === undefined)
      ? await new CloudApi(api).serverKey()
      : undefined;
  const serverSpki = fromFile?.spki ?? fromApi?.spki;
  if (serverSpki === undefined) throw new ChamberError('usage', 'caller', 'pass --server-key or --api');
  const host = options.host ?? written?.host ?? (api === undefined ? '127.0.0.1' : hostOf(api));
  if (host.includes('$id'))
    throw new ChamberError('usage', 'caller', `pass --host: ${host} is another for each device`);
  return {
    server: { address: await resolve(host), port: options.port ?? written?.port ?? fromApi?.udpPort ?? DEFAULT_PORT },
    serverSpki,
  };
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

async function resolve(host: string): Promise<string> {
  try {
    // A cloud listens on IPv4 unless it was told otherwise.
    const found = await lookup(host, { order: 'ipv4first' });
    return found.address;
  } catch (cause) {
    throw new ChamberError('host.unknown', 'caller', `the host "${host}" is not known: check --host`, { cause });
  }
}
