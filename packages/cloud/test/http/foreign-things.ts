import { type Route, routes } from '@cloudchamber/contract';
import { digest } from '../../src/domain/accounts/index.ts';
import { versionRow } from '../../src/domain/releases/version-row.ts';
import type { TestServer, TestUser } from '../../src/http/test-server.ts';
import { addTenant, type Caller, type Tenant } from './tenants.ts';

/** What a field of a request can name. */
export type Kind =
  | 'product'
  | 'organization'
  | 'device'
  | 'serial number'
  | 'ICCID'
  | 'IMEI'
  | 'group'
  | 'customer'
  | 'customer by scope'
  | 'account'
  | 'team name'
  | 'team of a product'
  | 'team of an organization'
  | 'client'
  | 'transfer'
  | 'token id'
  | 'server key'
  | 'mail'
  | 'integration'
  | 'delivery'
  | 'connection'
  | 'consumer group'
  | 'event'
  | 'firmware version'
  | 'rollout'
  | 'text';

/** Something of the other tenant, by every name that it has. */
type Names = Readonly<Record<string, string>>;

/** Everything of one tenant that a request can name, by kind. */
type Things = Readonly<Record<Kind, Names>>;

export interface TwoTenants {
  readonly mine: Tenant;
  readonly other: Tenant;
  /** Everything that the other tenant has, by the names that it goes by. */
  readonly foreign: Things;
  /** Ids of the other tenant that rows of the store refer to. */
  readonly foreignIds: ReadonlySet<string>;
  /** Something of my own tenant of each kind, to fill the rest of a request. */
  readonly own: Readonly<
    Record<'group' | 'customer' | 'teamName' | 'rollout' | 'connection' | 'clientId' | 'clientSecret', string>
  > & {
    readonly consumerGroup: string;
    /** By where they are, each with a delivery that failed. */
    readonly hooks: Readonly<Record<HookPlace, Hook>>;
  };
  /** An account that is in neither tenant, and has been invited by the other one. */
  readonly guest: TestUser;
}

const HOOK_PLACES = ['account', 'product', 'organization'] as const;
type HookPlace = (typeof HOOK_PLACES)[number];

interface Hook {
  readonly id: string;
  readonly failedDelivery: string;
  readonly waitingDelivery: string;
}

/** The name of a consumer group of the other tenant for a stream to name: streams of one group want the same events. */
export function consumerGroupFor({ operation }: Pick<Route, 'operation'>): string {
  return `other-${operation}`;
}

const SERIAL_NUMBER = 'P04600AAAA00001';
const ICCID = '8934076500002580001';
const IMEI = '490154203237518';

/** Two tenants, of which the other one has one of everything that has an id. */
export async function twoTenants(server: TestServer): Promise<TwoTenants> {
  const { db } = server.ambient.store;
  const mine = await addTenant(server, 'mine', 1);
  const other = await addTenant(server, 'other', 2);
  const guest = await server.addUser('guest@elsewhere.example');
  const post = async (caller: Pick<Caller, 'headers'>, url: string, payload: object) => {
    const reply = await server.fastify.inject({ method: 'POST', url, headers: { ...caller.headers }, payload });
    if (reply.statusCode >= 300) throw new Error(`${url} answered ${reply.statusCode} ${reply.body}`);
    return reply.json();
  };
  const product = (tenant: Tenant) => `/v1/products/${tenant.productId}`;
  const webClient = { name: 'other shop', type: 'web', redirect_uri: 'https://shop.other.example/callback' };
  const productClient = (await post(other.owner, `${product(other)}/clients`, webClient)).client;
  const accountClient = (await post(other.owner, '/v1/clients', webClient)).client;
  const robot = { friendly_name: 'other robot', scopes: ['devices:list'] };
  const productRobot = (await post(other.owner, `${product(other)}/team`, robot)).created.username;
  const teamRobot = (await post(other.owner, `/v1/orgs/${other.organizationId}/team`, robot)).created.username;
  await post(other.owner, `${product(other)}/groups`, { name: 'other-group' });
  await post(other.owner, `${product(other)}/team`, { username: guest.username, role: 'Developer' });
  await post(other.owner, `/v1/orgs/${other.organizationId}/team`, { username: guest.username, role: 'Developer' });
  const asked = await post(guest, '/v1/devices', { id: other.ownDeviceId, request_transfer: true });
  for (const modem of [{ iccid: ICCID }, { imei: IMEI }]) await post(other.owner, '/v1/device_claims', modem);
  const label = { serial_number: SERIAL_NUMBER, iccid: ICCID, imei: IMEI };
  await db.updateTable('devices').set(label).where('id', '=', other.deviceId).execute();
  const { slug } = await db
    .selectFrom('products')
    .select('slug')
    .where('id', '=', other.productId)
    .executeTakeFirstOrThrow();
  const addHooks = (tenant: Tenant, url: string) =>
    addHooksOf(server, tenant, (path, body) => post(tenant.owner, path, body), url);
  const hooks = await addHooks(other, 'https://other.example/in');
  await addGroups(server, other, [CONSUMER_GROUP, ...routes.map(consumerGroupFor)]);
  const token = await db
    .selectFrom('access_tokens')
    .select('id')
    .where('token_hash', '=', digest(other.owner.headers.authorization?.replace('Bearer ', '') ?? ''))
    .executeTakeFirstOrThrow();
  const key = await db.selectFrom('server_keys').select('id').executeTakeFirstOrThrow();

  await post(mine.owner, `${product(mine)}/groups`, { name: 'my-group' });
  const ownClient = { name: 'my server', type: 'installed' };
  const { client } = await post(mine.owner, `${product(mine)}/clients`, ownClient);
  await addGroups(server, mine, ['my-readers']);
  const versions = [versionRow(other.productId, FOREIGN_VERSION), versionRow(mine.productId, OWN_VERSION)];
  await db.insertInto('product_firmware').values(versions).execute();
  for (const tenant of [mine, other]) await addRollout(server, tenant);
  for (const tenant of [mine, other]) await addAttempts(server, tenant);
  const own = {
    consumerGroup: 'my-readers',
    hooks: await addHooks(mine, 'https://mine.example/in'),
    group: 'my-group',
    customer: 'customer@mine.example',
    teamName: 'developer@mine.example',
    rollout: rolloutOf(mine),
    connection: attemptsOf(mine)['in its product'],
  };
  const customer = 'customer@other.example';
  const foreign: Things = {
    product: { id: String(other.productId), slug },
    organization: { id: other.organizationId, slug: 'other' },
    device: { 'in its product': other.deviceId, 'of its owner': other.ownDeviceId },
    'serial number': { printed: SERIAL_NUMBER },
    ICCID: { printed: ICCID },
    IMEI: { printed: IMEI },
    group: { name: 'other-group' },
    customer: { username: customer },
    'customer by scope': { username: `customer=${customer}` },
    account: { owner: 'owner@other.example' },
    'team name': {
      member: 'developer@other.example',
      'member of the product': 'product-developer@other.example',
      'API user': teamRobot,
      'API user of the product': productRobot,
    },
    'team of a product': { id: String(other.productId) },
    'team of an organization': { id: other.organizationId },
    client: { 'of the product': productClient.id, 'of the owner': accountClient.id },
    transfer: { id: asked.transfer_id },
    'token id': { id: token.id },
    'server key': { id: key.id },
    integration: named(hooks, ({ id }) => id),
    delivery: {
      ...named(hooks, ({ failedDelivery }) => failedDelivery, 'failed, '),
      ...named(hooks, ({ waitingDelivery }) => waitingDelivery, 'waiting, '),
    },
    connection: attemptsOf(other),
    'consumer group': { name: CONSUMER_GROUP },
    event: { 'of its device': String(await addEvent(server, other)) },
    'firmware version': { number: String(FOREIGN_VERSION) },
    rollout: { id: rolloutOf(other) },
    mail: { id: '001767225600000-0f1e2d3c' },
    text: { 'of a name': 'other', 'of an id': other.deviceId },
  };
  const ids = [other.productId, other.organizationId, other.deviceId, other.ownDeviceId, other.owner.userId];
  const more = [
    other.customer.customerId,
    productClient.id,
    accountClient.id,
    asked.transfer_id,
    token.id,
    rolloutOf(other),
    ...Object.values(hooks).map(({ id }) => id),
  ];
  const foreignIds = new Set([...ids, ...more].map(String));
  return { mine, other, foreign, foreignIds, own: { ...own, clientId: client.id, clientSecret: client.secret }, guest };
}

const CONSUMER_GROUP = 'other-readers';
const FOREIGN_VERSION = 48_613;
/** Of my own product, as the examples of the contract have it. */
export const OWN_VERSION = 7;

function rolloutOf({ productId }: Tenant): string {
  return `64c0ffee${String(productId).padStart(16, '0')}`;
}

/** A rollout of the tenant's product, which has ended, with its device. */
async function addRollout({ ambient: { store, clock } }: TestServer, tenant: Tenant): Promise<void> {
  const id = rolloutOf(tenant);
  const at = clock.now();
  const times = { created_at: at, updated_at: at, ended_at: at };
  const plan = { scope: '{"productDefault":true,"groups":[]}', steps: '[{"percent":100}]', settings: '{}' };
  const made = { product_id: tenant.productId, version: 1, step: 0, state: 'aborted' as const, created_by: 'nobody' };
  const device = { rollout_id: id, device_id: tenant.deviceId, state: 'succeeded' as const, step: 0, failures: 0 };
  const entry = { rollout_id: id, kind: 'aborted', actor: 'nobody', detail: '{}', sequence: 1, at };
  await store.db
    .insertInto('rollouts')
    .values({ id, ...made, ...plan, ...times })
    .execute();
  await store.db
    .insertInto('rollout_devices')
    .values({ ...device, offered_at: at })
    .execute();
  await store.db.insertInto('rollout_timeline').values(entry).execute();
}

/** Attempts of the tenant's devices to connect. */
const attemptsOf = ({ productId }: Tenant) => ({
  'in its product': String(1_000_000 + productId * 2),
  'of its owner': String(1_000_001 + productId * 2),
});

/** Each with a key that could be approved. */
async function addAttempts({ ambient: { store, clock } }: TestServer, tenant: Tenant): Promise<void> {
  const ids = attemptsOf(tenant);
  const refused = { transport: 'udp', stage: 'hello', outcome: 'refused', reason: 'no_key_registered', count: 1 };
  const key = { key_fingerprint: 'f'.repeat(64), public_key: Buffer.from(`key of ${tenant.organizationId}`) };
  const common = { ...refused, ...key, address: '192.0.2.9', port: 40_000 };
  const times = { first_at: clock.now(), last_at: clock.now() };
  const rows = [
    { id: Number(ids['in its product']), device_id: tenant.deviceId },
    { id: Number(ids['of its owner']), device_id: tenant.ownDeviceId },
  ].map((row) => ({ ...row, ...common, ...times }));
  await store.db.insertInto('connection_attempts').values(rows).execute();
}

/** An integration of each place, with a delivery that failed and one that waits. */
async function addHooksOf(
  server: TestServer,
  tenant: Tenant,
  post: (path: string, body: object) => Promise<{ id: string }>,
  url: string,
): Promise<Readonly<Record<HookPlace, Hook>>> {
  const { store, clock } = server.ambient;
  const add = async (base: string): Promise<Hook> => {
    const { id } = await post(`${base}/integrations`, { event: 'temp', url });
    const owed = { integration_id: id, event_sequence: await addEvent(server, tenant), created_at: clock.now() };
    const addDelivery = async (due_at: number | null) => {
      const row = { ...owed, due_at, attempts: 9, last_error: `no reply from ${url}` };
      const { id } = await store.db.insertInto('deliveries').values(row).returning('id').executeTakeFirstOrThrow();
      return String(id);
    };
    return { id, failedDelivery: await addDelivery(null), waitingDelivery: await addDelivery(clock.now()) };
  };
  return {
    account: await add('/v1'),
    product: await add(`/v1/products/${tenant.productId}`),
    organization: await add(`/v1/orgs/${tenant.organizationId}`),
  };
}

/** An event of the tenant's device in its product, and after it one that nobody has. @returns its place in the log */
async function addEvent({ ambient: { store, clock } }: TestServer, tenant: Tenant): Promise<number> {
  const event = {
    deviceId: tenant.deviceId,
    publisher: tenant.deviceId,
    name: 'temp',
    data: Buffer.from(`of ${tenant.organizationId}`),
    contentFormat: 0,
    ttlSeconds: 60,
    publishedAt: clock.now(),
  };
  const { sequence } = await store.events.append({
    ...event,
    ownerId: tenant.owner.userId,
    productId: tenant.productId,
    counted: true,
  });
  const gone = await store.events.append({ ...event, ownerId: null, productId: null });
  await store.db.deleteFrom('events').where('sequence', '=', gone.sequence).execute();
  return sequence;
}

/** Consumer groups of the names in every place of the tenant. */
async function addGroups({ ambient: { store, clock } }: TestServer, tenant: Tenant, names: readonly string[]) {
  const at = clock.now();
  const rest = { device_id: '', name_prefix: '', through: 0, unacknowledged: '', created_at: at, updated_at: at };
  const places = [
    { place_kind: 'owner', place_id: tenant.owner.userId },
    { place_kind: 'owner', place_id: tenant.customer.customerId },
    { place_kind: 'product', place_id: String(tenant.productId) },
    { place_kind: 'organization', place_id: tenant.organizationId },
  ] as const;
  const rows = places.flatMap((place) => names.map((name) => ({ ...place, name, ...rest })));
  await store.db.insertInto('consumer_groups').values(rows).execute();
}

function named(
  hooks: Readonly<Record<HookPlace, Hook>>,
  name: (hook: Hook) => string,
  prefix = '',
): Readonly<Record<string, string>> {
  return Object.fromEntries(HOOK_PLACES.map((place) => [`${prefix}of the ${place}`, name(hooks[place])]));
}

/** Names of things that there are not, of the shape of `name`; another one each time. */
export function unknownLike(kind: Kind, name: string, number: number): string {
  const digits = String(number);
  switch (kind) {
    case 'product':
    case 'team of a product':
      return /^\d+$/.test(name) ? String(60_000 + (number % 5000)) : `nothing-${digits}-v1`;
    case 'device':
    case 'text':
      return name.length === 24 ? `e00fce69${digits.padStart(16, '0')}` : `zz${digits}zz`;
    case 'serial number':
      return `P04600ZZZZ${digits.padStart(5, '0')}`;
    case 'ICCID':
      return `8934076511${digits.padStart(9, '0')}`;
    case 'IMEI':
      return withCheckDigit(`35000000${digits.padStart(6, '0')}`);
    case 'customer by scope':
      return `customer=nobody${digits}@other.example`;
    case 'customer':
    case 'account':
    case 'team name':
      return `nobody${digits}@other.example`;
    case 'client':
      return `nothing-${digits.padStart(8, '0')}`;
    case 'mail':
      return `001767225600001-${digits.padStart(8, '0')}`;
    case 'group':
      return `nothing-${digits}`;
    case 'delivery':
    case 'connection':
      return String(9_000_000 + number);
    case 'consumer group':
      return `nothing-${name}`;
    case 'event':
      return String(Number(name) + 1);
    case 'firmware version':
      return String(50_000 + (number % 15_000));
    default:
      return /^[0-9a-f]{24}$/.test(name) ? `0123456789ab${digits.padStart(12, '0')}` : `nothing-${digits}`;
  }
}

/** An IMEI by its first 14 digits (Luhn). */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reduce((total, digit, at) => {
    const doubled = at % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
