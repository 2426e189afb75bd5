import { randomBytes } from 'node:crypto';
import { BEHAVIOURS, deviceOs62, FirmwareStore, type VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { clientOf, logIn, signUp } from '../harness/api-client.ts';
import { type Account, type CloudServer, startServer } from '../harness/cloud-server.ts';
import { newDeviceIdentity, powerOn } from '../harness/devices.ts';
import { createProduct } from '../particle-api-js/methods/world.ts';
import type { InstalledCli } from './installed-cli.ts';
import { openTerminals, type Terminal, type Terminals } from './terminal.ts';

/** A server, and terminals for its users. */
export interface Bench {
  readonly server: CloudServer;
  readonly operator: Particle;
  readonly terminals: Terminals;
  /** Powers a device on that is registered and of this owner, in the product when there is one; it ends with the bench. */
  device(owner: Person, options?: DeviceOptions): Promise<VirtualDevice>;
  dispose(): Promise<void>;
}

/** Somebody with an account of their own, logged in on the command line and over the API. */
export interface Person {
  readonly account: Account;
  readonly client: Particle;
  readonly terminal: Terminal;
}

interface DeviceOptions {
  readonly name?: string;
  readonly product?: number;
  readonly firmware?: FirmwareStore;
}

export async function createBench(cli: InstalledCli): Promise<Bench> {
  // Webhooks of the tests lead to this machine.
  const server = await startServer({ env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1' } });
  try {
    const operator = await logIn(server);
    const terminals = await openTerminals(cli);
    const devices: VirtualDevice[] = [];
    return {
      server,
      operator,
      terminals,
      device: async ({ client, account }, { name = 'lamp', product, firmware = new FirmwareStore() } = {}) => {
        const identity = await registerDevice(operator, account.username);
        const { deviceId } = identity;
        if (product !== undefined) await client.addDeviceToProduct({ product, deviceId });
        await client.renameDevice({ deviceId, name });
        const device = powerOn(server, identity, { behaviour: BEHAVIOURS.get('echo'), firmware });
        devices.push(device);
        await device.connect();
        return device;
      },
      dispose: async () => {
        await Promise.all(devices.map((device) => device.disconnect()));
        await Promise.all([server.dispose(), terminals.dispose()]);
      },
    };
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

/** A device that an operator has made known, never connected; nobody's without `owner`. */
export async function registerDevice(operator: Particle, owner?: string) {
  const identity = newDeviceIdentity();
  const { deviceId, publicKeyPem: public_key } = identity;
  const data = { id: deviceId, public_key, platform_id: deviceOs62.platformId, ...(owner !== undefined && { owner }) };
  await operator.post({ uri: '/v1/operator/devices', data });
  return identity;
}

/** An account that nobody has logged in to yet on a command line. */
export async function newAccount({ server }: Bench): Promise<{ account: Account; client: Particle }> {
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: 'a long password' };
  return { account, client: await signUp(server, account) };
}

/** The same, logged in on the command line. */
export async function newPerson(bench: Bench): Promise<Person> {
  const { account, client } = await newAccount(bench);
  const { body } = await clientOf(bench.server).login(account);
  const profile = { apiUrl: bench.server.url, access_token: body.access_token, username: account.username };
  return { account, client, terminal: await bench.terminals.open(profile) };
}

/** A product of this account for devices of the virtual device's platform. @returns its id */
export function newProduct(client: Particle): Promise<number> {
  return createProduct(client, `Lamps ${randomBytes(4).toString('hex')}`);
}

/** An organization of the operator's. @returns its slug */
export async function newOrganization({ operator }: Bench): Promise<string> {
  const data = { name: `Acme ${randomBytes(4).toString('hex')}` };
  const { body } = await operator.post<{ organization: { slug: string } }>({ uri: '/v1/orgs', data });
  return body.organization.slug;
}
