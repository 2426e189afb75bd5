import type { DeviceCommands } from '@cloudchamber/gateway';
import { type DeviceId, parseDeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { CloudGatewayPorts } from '../../src/adapters/gateway-ports.ts';
import { FirmwareBlobs, UpdateJournal } from '../../src/domain/firmware/index.ts';
import type { Store } from '../../src/store/index.ts';
import { type EveryRoute, everyRoute } from './every-route.ts';

const PLATFORM = 13;
const DEVICES_EACH = 4;

/** One of several tenants on the same cloud, with what its model knows of it. */
export interface TenantModel {
  readonly number: number;
  /** A word that stands in every name and text of this tenant and nowhere else. */
  readonly mark: string;
  readonly username: string;
  readonly token: string;
  /** Changes when the tenant deletes its product and makes another. */
  productId: number;
  productToken: string;
  clientId: string;
  clientSecret: string;
  readonly customers: { readonly username: string; readonly token: string }[];
  readonly integrations: IntegrationModel[];
  /** What each reader of the tenant may see of the past, oldest first. */
  readonly past: Readonly<Record<Reader, PastEvent[]>>;
  /** Events that devices published in its product, and its devices outside of products. */
  readonly published: { inProduct: number; outside: number };
  readonly apiUsers: { readonly username: string; token: string }[];
  /** The tenants whose product this one was invited to, until it answers or is removed. */
  readonly invitedBy: Map<TenantModel, MemberRole>;
  readonly memberOf: Map<TenantModel, MemberRole>;
  /** Tenants whose name this one has had reason to learn. */
  readonly acquainted: Set<TenantModel>;
}

export type Reader = 'account' | 'customer' | 'product';

interface PastEvent {
  readonly name: string;
  /** Its place in the log. */
  readonly sequence: number;
}

interface IntegrationModel {
  readonly id: string;
  readonly place: 'account' | 'product';
  readonly prefix: string;
  /** The only device that triggers it. */
  readonly deviceId?: DeviceId;
}

export type MemberRole = 'Developer' | 'View-only';

export interface DeviceOwner {
  readonly tenant: TenantModel;
  readonly kind: 'account' | 'customer';
}

export interface DeviceModel {
  readonly id: DeviceId;
  owner: DeviceOwner | undefined;
  /** The tenant in whose product it is. */
  product: TenantModel | undefined;
}

interface Delivery {
  readonly deviceId: DeviceId;
  readonly name: string;
}

/** Everything that the random actions work on. */
export interface TenantWorld extends EveryRoute {
  readonly tenants: readonly TenantModel[];
  readonly devices: readonly DeviceModel[];
  readonly ports: CloudGatewayPorts;
  /** What devices were sent, since it was emptied last. */
  readonly delivered: Delivery[];
  call(token: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Five tenants with a product, a customer and devices each, made through the API as people would. */
export async function tenantWorld(unrouted: Store, seed: number): Promise<TenantWorld> {
  const clock = new VirtualClock();
  const entropy = seededEntropy(seed);
  const delivered: Delivery[] = [];
  const commands = {
    isOnline: () => true,
    deliver: async (deviceId: DeviceId, { name }: { name: string }) => {
      delivered.push({ deviceId, name });
    },
    endSession: () => {},
    cancelUpdate: () => {},
    updateProgress: () => undefined,
    helloOf: () => undefined,
  } as unknown as DeviceCommands;
  const routes = await everyRoute({ store: unrouted, clock, entropy, commands });
  const { server, store, bus } = routes;
  const updates = await UpdateJournal.open({
    store,
    bus,
    commands,
    clock,
    log: silentLogger,
    blobs: new FirmwareBlobs({ store, clock }),
  });
  const parts = { store, bus, clock, entropy, log: silentLogger, commands, updates, trustFirstKey: false };
  const ports = new CloudGatewayPorts(parts);

  const call: TenantWorld['call'] = async (token, method, url, body) => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await server.fastify.inject({ method, url, headers, ...(body && { payload: body }) });
    return { status: reply.statusCode, text: reply.body };
  };
  const tenants: TenantModel[] = [];
  for (let number = 1; number <= 5; number++) {
    const mark = `zq${number}mark`;
    const user = await server.addUser(`ann@tenant${number}.example`);
    const tenant: TenantModel = {
      number,
      mark,
      username: user.username,
      token: user.token,
      productId: 0,
      productToken: '',
      clientId: '',
      clientSecret: '',
      customers: [],
      integrations: [],
      past: { account: [], customer: [], product: [] },
      published: { inProduct: 0, outside: 0 },
      apiUsers: [],
      invitedBy: new Map(),
      memberOf: new Map(),
      acquainted: new Set(),
    };
    await makeProduct({ call }, tenant);
    tenants.push(tenant);
  }
  const devices: DeviceModel[] = [];
  for (const tenant of tenants) {
    for (let at = 0; at < DEVICES_EACH; at++) {
      const id = parseDeviceId(`e00fce68${tenant.number}${at}${entropy.bytes(7).toString('hex')}`);
      if (id === undefined) throw new Error('not a device id');
      const now = clock.now();
      const row = { id, name: `device-${id.slice(-6)}`, platform_id: PLATFORM, functions: '[]', variables: '{}' };
      const flags = { safe_mode: 0, updates_forced: 0, development: 0, created_at: now, updated_at: now };
      await store.db
        .insertInto('devices')
        .values({ ...row, ...flags })
        .execute();
      await store.db
        .insertInto('device_subscriptions')
        .values({ device_id: id, prefix: '', accepts: 'text', device_filter: '' })
        .execute();
      const device: DeviceModel = { id, owner: undefined, product: undefined };
      if (at % 2 === 0) {
        await expectOk(call(tenant.token, 'POST', '/v1/devices', { id }));
        device.owner = { tenant, kind: 'account' };
      }
      if (at < 3) {
        await expectOk(call(tenant.token, 'POST', `/v1/products/${tenant.productId}/devices`, { id }));
        device.product = tenant;
      }
      devices.push(device);
    }
  }
  await ports.resumed(devices.map(({ id }) => id));
  const close = async () => {
    await ports.close();
    await server.fastify.close();
  };
  return { ...routes, tenants, devices, ports, delivered, call, close };
}

/** A product of the tenant with a client, its token, a customer and an API user. */
export async function makeProduct({ call }: Pick<TenantWorld, 'call'>, tenant: TenantModel): Promise<void> {
  const { mark, token } = tenant;
  const product = { name: `${mark} product`, description: mark, platform_id: PLATFORM };
  const made = await expectOk(call(token, 'POST', '/v1/user/products', { product }));
  tenant.productId = made.product.id;
  tenant.past.customer.length = 0;
  tenant.past.product.length = 0;
  tenant.published.inProduct = 0;
  const accounts = tenant.integrations.filter(({ place }) => place === 'account');
  tenant.integrations.splice(0, tenant.integrations.length, ...accounts);
  const base = `/v1/products/${tenant.productId}`;
  const { client } = await expectOk(call(token, 'POST', `${base}/clients`, { name: mark, type: 'installed' }));
  tenant.clientId = client.id;
  tenant.clientSecret = client.secret;
  const secret = { client_id: client.id, client_secret: client.secret };
  const grant = { grant_type: 'client_credentials', ...secret };
  tenant.productToken = (await expectOk(call('', 'POST', '/oauth/token', grant))).access_token;
  const email = `cy@${mark}.example`;
  const customer = await expectOk(call('', 'POST', `${base}/customers`, { ...secret, email, no_password: true }));
  tenant.customers.splice(0, tenant.customers.length, { username: email, token: customer.access_token });
  const robot = { friendly_name: mark, scopes: ['devices:list', 'devices:get', 'teams.users:list'] };
  const { created } = await expectOk(call(token, 'POST', `${base}/team`, robot));
  tenant.apiUsers.splice(0, tenant.apiUsers.length, { username: created.username, token: created.tokens[0].token });
}

async function expectOk(reply: Promise<Reply>) {
  const { status, text } = await reply;
  if (status >= 300) throw new Error(`the world cannot be made: ${status} ${text}`);
  return JSON.parse(text);
}
