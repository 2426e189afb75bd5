import { randomBytes } from 'node:crypto';
import { BEHAVIOURS, deviceOs62, type VirtualDevice } from '@cloudchamber/virtual-device';
import Particle from 'particle-api-js';
import { clientOf, logIn, signUp } from '../../harness/api-client.ts';
import { type Account, type CloudServer, startServer } from '../../harness/cloud-server.ts';
import { addDevice, type DeviceIdentity, newDeviceIdentity, powerOn } from '../../harness/devices.ts';

/** A server with somebody on it: what the methods are called upon. */
export interface World {
  readonly server: CloudServer;
  readonly operator: Particle;
  /** Ann's account, logged in. */
  readonly ann: Particle;
  readonly annAccount: Account;
  /** Ann's device, online, with the behaviour `echo`. */
  readonly device: VirtualDevice;
  /** Ann's product. */
  readonly product: number;
  /** A device of the product and of Ann, online, with the behaviour `echo`. */
  readonly productDevice: VirtualDevice;
  /** Slug of an organization of the operator, in whose team Ann is. */
  readonly org: string;
  /** The organization's product. */
  readonly orgProduct: number;
  /** A device of that product and of Ann, online, with the behaviour `echo`. */
  readonly orgDevice: VirtualDevice;
  dispose(): Promise<void>;
}

const PASSWORD = 'a long password';

export async function createWorld(): Promise<World> {
  // Webhooks of the tests lead to this machine.
  const server = await startServer({ env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1' } });
  try {
    const operator = await logIn(server);
    const annAccount = { username: 'ann@example.net', password: PASSWORD };
    const ann = await signUp(server, annAccount);
    const product = await createProduct(ann, 'Greenhouse');
    const device = await addDevice(server, ann, 'echo');
    const productDevice = await addProductDevice({ server, operator, ann, product }, annAccount.username);
    const { slug: org } = await joinOrganization(operator, ann, annAccount.username);
    const orgProduct = await createProduct(ann, 'Fleet', `/v1/orgs/${org}/products`);
    const orgDevice = await addProductDevice({ server, operator, ann, product: orgProduct }, annAccount.username);
    const dispose = async (): Promise<void> => {
      await Promise.all([device, productDevice, orgDevice].map((one) => one.disconnect()));
      await server.dispose();
    };
    return { server, operator, ann, annAccount, device, product, productDevice, org, orgProduct, orgDevice, dispose };
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

/** A product for devices of the virtual device's platform, by a route for which the client has no method. @returns its id */
export async function createProduct(client: Particle, name: string, uri = '/v1/user/products'): Promise<number> {
  const product = { name, description: 'Waters the beds', platform_id: deviceOs62.platformId };
  const { body } = await client.post<{ product: { id: number } }>({ uri, data: { product } });
  return body.product.id;
}

/** Makes an organization of the operator's and its first member Ann, by routes for which the client has no methods. */
async function joinOrganization(operator: Particle, ann: Particle, username: string): Promise<{ slug: string }> {
  type Reply = { organization: { id: string; slug: string } };
  const { organization } = (await operator.post<Reply>({ uri: '/v1/orgs', data: { name: 'Acme' } })).body;
  await operator.post({ uri: `/v1/orgs/${organization.slug}/team`, data: { username, role: 'Developer' } });
  await ann.post({ uri: `/v1/user/invitations/organization/${organization.id}/accept` });
  return organization;
}

/** What an operator says of a device, beside its id, key and platform. */
interface Registered {
  readonly owner?: string;
  readonly serial_number?: string;
  readonly iccid?: string;
}

/** A device that an operator has made known, never connected. */
export async function registerByOperator(operator: Particle, said: Registered): Promise<DeviceIdentity> {
  const device = newDeviceIdentity();
  const { deviceId, publicKeyPem: public_key } = device;
  const data = { id: deviceId, public_key, platform_id: deviceOs62.platformId, ...said };
  await operator.post({ uri: '/v1/operator/devices', data });
  return device;
}

/** The same, in the product. */
export async function registerProductDevice(
  { operator, ann, product }: Pick<World, 'operator' | 'ann' | 'product'>,
  said: Registered = {},
): Promise<DeviceIdentity> {
  const device = await registerByOperator(operator, said);
  await ann.addDeviceToProduct({ product, deviceId: device.deviceId });
  return device;
}

async function addProductDevice(
  world: Pick<World, 'server' | 'operator' | 'ann' | 'product'>,
  owner: string,
): Promise<VirtualDevice> {
  const identity = await registerProductDevice(world, { owner });
  const device = powerOn(world.server, identity, { behaviour: BEHAVIOURS.get('echo') });
  await device.connect();
  return device;
}

/** Somebody who has nothing yet, logged in. */
export async function newcomer({ server }: World): Promise<{ readonly client: Particle; readonly account: Account }> {
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: PASSWORD };
  return { client: await signUp(server, account), account };
}

/** A client of the cloud that has made itself known by an OAuth client. */
export function asOAuthClient({ server }: World, clientId: string, clientSecret: string): Particle {
  return new Particle({ baseUrl: server.url, clientId, clientSecret });
}

/** The published client without any token. */
export function anonymous({ server }: World): Particle {
  return clientOf(server);
}
