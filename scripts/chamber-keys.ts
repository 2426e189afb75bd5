// `npm run keys`: the server key file for a device, and the rotation of server keys, over the API of a running cloud.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeServerKeyFile } from '@cloudchamber/wire';

const USAGE = `The cloud's public key for devices.

  npm run keys -- save [--host HOST] [--port PORT] [--out FILE]   the file that is written to a device
  npm run keys -- list                                            every key, and how many devices hold it
  npm run keys -- rotate                                          make the next key
  npm run keys -- retire ID [--force]                             end the use of a key

  --api URL        the cloud's API (http://127.0.0.1:8080)
  --algorithm A    ecc for devices over UDP, rsa for devices over TCP (ecc)
  --host HOST      what the device is to connect to: an IPv4 address or a name; $id in a name stands for the device
                   (what the cloud calls itself, see CHAMBER_DEVICE_HOST)
  --port PORT      its port (the one that the cloud listens on)
  --out FILE       (server-ecc.der or server-rsa.der)
  --token TOKEN    access token of an operator, for list, rotate and retire; or CHAMBER_TOKEN in the environment
`;

interface Key {
  readonly id: string;
  readonly algorithm: string;
  readonly fingerprint: string;
  readonly created_at: string;
  readonly retired_at: string | null;
  readonly devices: number;
}

interface Address {
  readonly host: string;
  readonly transport: string;
  readonly used_by: string;
}

const OPTIONS = {
  api: { type: 'string', default: 'http://127.0.0.1:8080' },
  algorithm: { type: 'string', default: 'ecc' },
  host: { type: 'string' },
  port: { type: 'string' },
  out: { type: 'string' },
  token: { type: 'string', default: process.env.CHAMBER_TOKEN ?? '' },
  force: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { values, positionals } = readArguments();
const { api, algorithm, token } = values;
const [command = '', id = ''] = positionals;

async function call(method: string, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== '') headers.authorization = `Bearer ${token}`;
  const response = await fetch(api.replace(/\/+$/, '') + path, { method, headers, body: body && JSON.stringify(body) });
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as { error?: string; error_description?: string };
  throw new Error(`${method} ${path}: ${response.status} ${said.error_description ?? said.error ?? ''}`);
}

/** The host that the cloud itself gives to devices. */
async function ownHost(): Promise<string> {
  const { addresses } = (await (await call('GET', '/v1/cloud-addresses')).json()) as { addresses: Address[] };
  const transport = algorithm === 'rsa' ? 'tcp' : 'udp';
  const own = addresses.find((address) => address.used_by === 'devices' && address.transport === transport);
  if (own === undefined) throw new Error(`this cloud takes no devices over ${transport}: pass --host`);
  return own.host.replace('*', '$id');
}

async function save(): Promise<void> {
  const host = values.host ?? (await ownHost());
  const query = new URLSearchParams({ format: 'der', algorithm, host, ...(values.port && { port: values.port }) });
  const file = Buffer.from(await (await call('GET', `/v1/server-key?${query}`)).arrayBuffer());
  const { address } = decodeServerKeyFile(file);
  // npm runs scripts in the project's folder, not in the caller's.
  const path = resolve(process.env.INIT_CWD ?? '.', values.out ?? `server-${algorithm}.der`);
  await writeFile(path, file);
  process.stdout.write(`${path}: key and address ${address?.host}:${address?.port}, ${file.length} bytes\n`);
  if (/^(127\.|localhost$)/.test(host)) process.stdout.write('That is this machine only: --host has the way in.\n');
}

async function list(): Promise<void> {
  const { keys } = (await (await call('GET', '/v1/operator/server-keys')).json()) as { keys: Key[] };
  for (const key of keys) {
    const state = key.retired_at === null ? 'in use' : `retired ${key.retired_at}`;
    process.stdout.write(`${key.id}  ${key.algorithm}  ${key.fingerprint.slice(0, 16)}  ${key.created_at}  `);
    process.stdout.write(`${key.devices} devices  ${state}\n`);
  }
}

async function rotate(): Promise<void> {
  const key = (await (await call('POST', '/v1/operator/server-keys', { algorithm })).json()) as Key;
  process.stdout.write(
    `${key.id}  ${key.fingerprint}\nDevices are given this key from now on; the one before works on.\n`,
  );
}

async function retire(): Promise<void> {
  await call('DELETE', `/v1/operator/server-keys/${encodeURIComponent(id)}?force=${values.force}`);
  process.stdout.write(`${id} is retired.\n`);
}

const commands = new Map([
  ['save', save],
  ['list', list],
  ['rotate', rotate],
  ['retire', retire],
]);
const run = commands.get(command);
if (run === undefined || values.help || (command === 'retire') !== (id !== '')) {
  process.stdout.write(USAGE);
  process.exit(values.help ? 0 : 2);
}
try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
