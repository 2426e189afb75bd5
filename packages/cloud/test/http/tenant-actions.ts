import { expect } from 'vitest';
import {
  type DeviceModel,
  type DeviceOwner,
  type MemberRole,
  makeProduct,
  type Reply,
  type TenantModel,
  type TenantWorld,
} from './tenant-world.ts';

/** A source of chance with the two draws that the actions need. */
export interface Dice {
  /** 0 to `sides` - 1. */
  roll(sides: number): number;
  pick<T>(things: readonly T[]): T;
}

/** Does something as somebody, holds the reply against the model, and brings the model up to date. */
export type Action = (world: TenantWorld, dice: Dice) => Promise<void>;

/** May the account of `tenant` see the device? */
function sees(tenant: TenantModel, { owner, product }: DeviceModel): boolean {
  if (owner?.tenant === tenant && owner.kind === 'account') return true;
  return product !== undefined && (product === tenant || tenant.memberOf.has(product));
}

/** The role of the tenant's account in a product of `product`. */
function roleIn(tenant: TenantModel, product: TenantModel): 'Owner' | MemberRole | undefined {
  return tenant === product ? 'Owner' : tenant.memberOf.get(product);
}

function mayDevelop(tenant: TenantModel, product: TenantModel): boolean {
  const role = roleIn(tenant, product);
  return role === 'Owner' || role === 'Developer';
}

/** Nothing of a tenant that the reader has no part in stands in what it reads. */
function expectOnlyOwn(world: TenantWorld, reader: TenantModel, asked: string, { text }: Reply): void {
  for (const other of world.tenants) {
    const related = other === reader || reader.memberOf.has(other) || reader.invitedBy.has(other);
    if (!related && text.includes(other.mark)) expect.unreachable(`${reader.mark} read of ${other.mark}: ${asked}`);
    const knows = other === reader || reader.acquainted.has(other);
    if (!knows && text.includes(other.username)) expect.unreachable(`${reader.mark} met ${other.username}: ${asked}`);
  }
  // What somebody did stays in the audit log, with the ids that it was done to; what he asked for, a week in the list of transfers.
  // An integration says for which device it was made, and what is owed to it, whose events are from before.
  if (asked.endsWith('/audit') || asked === '/v1/device_transfers' || asked.includes('/integrations')) return;
  for (const device of world.devices) {
    if (asked.includes(device.id) || sees(reader, device)) continue;
    const asCustomer = device.owner?.tenant === reader;
    if (!asCustomer && text.includes(device.id)) expect.unreachable(`${reader.mark} saw ${device.id}: ${asked}`);
  }
}

/** Whoever shares a product sees who owns its devices, and who else is in its team. */
export function acquaint(world: TenantWorld): void {
  for (const { owner, product } of world.devices) {
    if (owner === undefined || product === undefined) continue;
    product.acquainted.add(owner.tenant);
    for (const tenant of world.tenants) if (tenant.memberOf.has(product)) tenant.acquainted.add(owner.tenant);
  }
  for (const tenant of world.tenants) {
    for (const product of [...tenant.memberOf.keys(), ...tenant.invitedBy.keys()]) {
      for (const other of world.tenants) {
        const inTeam = other === product || other.memberOf.has(product) || other.invitedBy.has(product);
        if (inTeam) tenant.acquainted.add(other);
        if (inTeam) other.acquainted.add(tenant);
      }
    }
  }
}

const ACCOUNT_READS: readonly ((other: TenantModel, device: DeviceModel) => string)[] = [
  () => '/v1/devices',
  () => '/v1/products',
  () => '/v1/user/products',
  () => '/v1/user',
  () => '/v1/user/invitations',
  () => '/v1/user/audit',
  () => '/v1/clients',
  () => '/v1/orgs',
  () => '/v1/device_transfers',
  () => '/v1/access_tokens/current',
  () => '/v1/user/search?text=zq',
  () => '/v1/user/search?text=device-',
  () => '/v1/integrations',
  () => '/v1/event-groups',
];

const PRODUCT_READS = [
  '',
  '/devices',
  '/team',
  '/clients',
  '/customers',
  '/groups',
  '/audit',
  '/integrations',
  '/event-groups',
] as const;

/** An account reads what is its own. */
const readOwn: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const url = dice.pick(ACCOUNT_READS)(dice.pick(world.tenants), dice.pick(world.devices));
  const reply = await world.call(tenant.token, 'GET', url);
  expect([url, reply.status]).toEqual([url, 200]);
  expectOnlyOwn(world, tenant, url, reply);
};

/** Somebody reads a product: the account, the product's token, a customer, an API user. */
const readProduct: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const product = dice.pick(world.tenants);
  const part = dice.pick(PRODUCT_READS);
  const url = `/v1/products/${product.productId}${part}`;
  const byAccount = await world.call(tenant.token, 'GET', url);
  const role = roleIn(tenant, product);
  const may = role === 'Owner' || (role !== undefined && part !== '/audit');
  expect([url, tenant.mark, byAccount.status]).toEqual([url, tenant.mark, may ? 200 : 403]);
  // What a stranger gets is what a product gets that does not exist.
  if (role === undefined) {
    expect(byAccount).toEqual(await world.call(tenant.token, 'GET', `/v1/products/64999${part}`));
  }
  expectOnlyOwn(world, tenant, url, byAccount);

  const byToken = await world.call(tenant.productToken, 'GET', url);
  expect([url, byToken.status]).toEqual([url, tenant === product ? 200 : 403]);
  const [customer] = tenant.customers;
  const [robot] = tenant.apiUsers;
  expect((await world.call(customer?.token ?? '', 'GET', url)).status).toBe(403);
  const scoped = ['/devices', '/team'].includes(part);
  const byRobot = await world.call(robot?.token ?? '', 'GET', url);
  expect([url, byRobot.status]).toEqual([url, scoped ? (tenant === product ? 200 : 403) : 400]);
  expectOnlyOwn(world, tenant, url, byRobot);
};

const readDevice: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const url = `/v1/devices/${device.id}`;
  const reply = await world.call(tenant.token, 'GET', url);
  expect([url, reply.status]).toEqual([url, sees(tenant, device) ? 200 : 403]);
  const [customer] = tenant.customers;
  const own = device.owner?.tenant === tenant && device.owner.kind === 'customer';
  expect((await world.call(customer?.token ?? '', 'GET', url)).status).toBe(own ? 200 : 403);

  const product = dice.pick(world.tenants);
  const role = roleIn(tenant, product);
  const there = `/v1/products/${product.productId}/devices/${device.id}`;
  const expected = role === undefined ? 403 : device.product === product ? 200 : 404;
  expect((await world.call(tenant.token, 'GET', there)).status).toBe(expected);
};

const changeDevice: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const body = { name: `device-${device.id.slice(-6)}` };
  const own = device.owner?.tenant === tenant && device.owner.kind === 'account';
  const reply = await world.call(tenant.token, 'PUT', `/v1/devices/${device.id}`, body);
  expect(reply.status).toBe(own ? 200 : 403);
  const product = dice.pick(world.tenants);
  const url = `/v1/products/${product.productId}/devices/${device.id}`;
  const there = await world.call(tenant.token, 'PUT', url, body);
  const inside = device.product === product ? 200 : 404;
  expect(there.status).toBe(mayDevelop(tenant, product) ? inside : 403);
};

const claim: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const before = device.owner;
  const own = before?.tenant === tenant && before.kind === 'account';
  const reachable = device.product === undefined || roleIn(tenant, device.product) !== undefined;
  const may = own || (before === undefined && reachable);
  const reply = await world.call(tenant.token, 'POST', '/v1/devices', { id: device.id });
  expect([device, reply.status]).toEqual([device, may ? 200 : 403]);
  if (may) device.owner = { tenant, kind: 'account' };
};

const claimToCustomer: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const before = device.owner;
  const own = before?.tenant === tenant && before.kind === 'customer';
  const may = device.product === tenant && (own || before === undefined);
  const [customer] = tenant.customers;
  const reply = await world.call(customer?.token ?? '', 'POST', '/v1/devices', { id: device.id });
  expect([reply.text, reply.status < 300]).toEqual([reply.text, may]);
  if (may) device.owner = { tenant, kind: 'customer' };
};

const claimByCode: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const [customer] = tenant.customers;
  const asCustomer = dice.roll(2) === 0;
  const url = asCustomer ? `/v1/products/${tenant.productId}/device_claims` : '/v1/device_claims';
  const reply = await world.call((asCustomer ? customer?.token : tenant.token) ?? '', 'POST', url, {});
  expect(reply.status).toBe(200);
  expectOnlyOwn(world, tenant, url, reply);
  const { claim_code: code } = JSON.parse(reply.text) as { claim_code: string };
  const owner: DeviceOwner = { tenant, kind: asCustomer ? 'customer' : 'account' };
  const free = device.owner === undefined;
  const reachable = device.product === undefined || roleIn(tenant, device.product) !== undefined;
  const may = free && (asCustomer ? device.product === tenant : reachable);
  await publish(world, device, 'spark/device/claim/code', code);
  if (may) device.owner = owner;
};

/** An account asks another for a device: nobody but the owner sees that or can answer. */
const handOver: Action = async (world, dice) => {
  const asker = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const { owner } = device;
  if (owner === undefined || owner.tenant === asker) return;
  const reachable = device.product === undefined || roleIn(asker, device.product) !== undefined;
  const may = owner.kind === 'account' && reachable;
  const asked = await world.call(asker.token, 'POST', '/v1/devices', { id: device.id, request_transfer: true });
  expect([device, asked.status]).toEqual([device, may ? 200 : 403]);
  if (!may) return;
  owner.tenant.acquainted.add(asker);
  const { transfer_id: id } = JSON.parse(asked.text) as { transfer_id: string };
  const answer = (tenant: TenantModel) => world.call(tenant.token, 'POST', `/v1/device_transfers/${id}/approve`, {});
  for (const tenant of world.tenants) {
    const { text } = await world.call(tenant.token, 'GET', '/v1/device_transfers');
    const related = tenant === asker || tenant === owner.tenant;
    expect([tenant.mark, text.includes(id)]).toEqual([tenant.mark, related]);
    if (tenant !== owner.tenant) expect([tenant.mark, (await answer(tenant)).status]).toEqual([tenant.mark, 404]);
  }
  expect((await answer(owner.tenant)).status).toBe(200);
  device.owner = { tenant: asker, kind: 'account' };
};

/** Clients and customers of another product cannot be reached through one's own. */
const reachThroughOwnProduct: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  const base = `/v1/products/${tenant.productId}`;
  const client = `/clients/${other.clientId}`;
  const renamed = await world.call(tenant.token, 'PUT', base + client, { name: tenant.mark });
  expect(renamed.status).toBe(tenant === other ? 200 : 404);
  const [customer] = other.customers;
  const secret = { client_id: tenant.clientId, client_secret: tenant.clientSecret };
  const grant = { grant_type: 'client_credentials', scope: `customer=${customer?.username}`, ...secret };
  expect((await world.call('', 'POST', '/oauth/token', grant)).status).toBe(tenant === other ? 200 : 400);
  if (tenant === other) return;
  const path = `${base}/customers/${encodeURIComponent(customer?.username ?? '')}`;
  expect((await world.call(tenant.token, 'PUT', path, { password: 'correct horse' })).status).toBe(404);
  expect((await world.call(tenant.token, 'DELETE', path)).status).toBe(404);
  expect((await world.call(tenant.token, 'DELETE', base + client)).status).toBe(404);
  const account = await world.call(tenant.token, 'DELETE', `/v1${client}`);
  expect(account.status).toBe(404);
};

const unclaim: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const own = device.owner?.tenant === tenant && device.owner.kind === 'account';
  const reply = await world.call(tenant.token, 'DELETE', `/v1/devices/${device.id}`);
  expect(reply.status).toBe(own ? 200 : 403);
  if (own) device.owner = undefined;
};

const releaseFromProduct: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const url = `/v1/products/${tenant.productId}/devices/${device.id}/owner`;
  const reply = await world.call(tenant.productToken, 'DELETE', url);
  const may = device.product === tenant;
  expect(reply.status < 300 || may).toBe(may);
  if (reply.status < 300) device.owner = undefined;
};

const importDevice: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const { owner, product } = device;
  const url = `/v1/products/${tenant.productId}/devices`;
  const reply = await world.call(tenant.token, 'POST', url, { id: device.id });
  expect(reply.status).toBe(200);
  const { updatedDeviceIds } = JSON.parse(reply.text) as { updatedDeviceIds: string[] };
  const inTeam =
    owner === undefined ||
    owner.tenant === tenant ||
    (owner.kind === 'account' && roleIn(owner.tenant, tenant) !== undefined);
  const may = product !== tenant && (product === undefined || mayDevelop(tenant, product)) && inTeam;
  expect([device, updatedDeviceIds]).toEqual([device, may ? [device.id] : []]);
  if (may) device.product = tenant;
};

const removeDevice: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const device = dice.pick(world.devices);
  const url = `/v1/products/${tenant.productId}/devices/${device.id}`;
  const may = device.product === tenant;
  expect((await world.call(tenant.token, 'DELETE', url)).status).toBe(may ? 204 : 404);
  if (!may) return;
  device.product = undefined;
  if (device.owner?.kind === 'customer') device.owner = undefined;
};

const invite: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  if (other === tenant || other.memberOf.has(tenant) || other.invitedBy.has(tenant)) return;
  const role = dice.pick(['Developer', 'View-only'] as const);
  const url = `/v1/products/${tenant.productId}/team`;
  const reply = await world.call(tenant.token, 'POST', url, { username: other.username, role });
  expect(reply.status).toBe(200);
  other.invitedBy.set(tenant, role);
};

const answerInvitation: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  const role = tenant.invitedBy.get(other);
  const answer = dice.pick(['accept', 'decline']);
  const url = `/v1/user/invitations/product/${other.productId}/${answer}`;
  const reply = await world.call(tenant.token, 'POST', url, {});
  expect([url, reply.status]).toEqual([url, role === undefined ? 404 : 200]);
  if (role === undefined) return;
  tenant.invitedBy.delete(other);
  if (answer === 'accept') tenant.memberOf.set(other, role);
};

const removeMember: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  if (other === tenant) return;
  const there = other.memberOf.has(tenant) || other.invitedBy.has(tenant);
  const url = `/v1/products/${tenant.productId}/team/${encodeURIComponent(other.username)}`;
  const reply = await world.call(tenant.token, 'DELETE', url);
  expect(reply.status).toBe(there ? 200 : 404);
  other.memberOf.delete(tenant);
  other.invitedBy.delete(tenant);
};

/** The product ends, with everything in it, and the tenant makes another. */
const replaceProduct: Action = async (world, dice) => {
  if (dice.roll(20) > 0) return;
  const tenant = dice.pick(world.tenants);
  const old = { ...tenant, customers: [...tenant.customers], apiUsers: [...tenant.apiUsers] };
  expect((await world.call(tenant.token, 'DELETE', `/v1/products/${tenant.productId}`)).status).toBe(204);
  for (const device of world.devices) {
    if (device.product === tenant) device.product = undefined;
    if (device.owner?.tenant === tenant && device.owner.kind === 'customer') device.owner = undefined;
  }
  for (const other of world.tenants) {
    other.memberOf.delete(tenant);
    other.invitedBy.delete(tenant);
  }
  for (const token of [old.productToken, old.customers[0]?.token ?? '', old.apiUsers[0]?.token ?? '']) {
    expect((await world.call(token, 'GET', '/v1/access_tokens/current')).status).toBe(401);
  }
  await makeProduct(world, tenant);
  expect(tenant.productId).toBeGreaterThan(old.productId);
};

const MOST_INTEGRATIONS = 6;

/** An integration of the account or of a product, which whoever may develop there may make; the oldest makes room. */
const addIntegration: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const product = dice.roll(2) === 0 ? undefined : dice.pick(world.tenants);
  const device = dice.roll(2) === 0 ? undefined : dice.pick(world.devices);
  const prefix = dice.pick(['ev-', 'ev-1', 'ev-2']);
  const of = product ?? tenant;
  const base = product === undefined ? '/v1' : `/v1/products/${product.productId}`;
  const body = { event: prefix, url: `https://${of.mark}.example/in`, ...(device && { deviceID: device.id }) };
  const reply = await world.call(tenant.token, 'POST', `${base}/integrations`, body);
  const may = product === undefined || mayDevelop(tenant, product);
  expect([reply.text, reply.status]).toEqual([reply.text, may ? 201 : 403]);
  if (!may) return;
  const { id } = JSON.parse(reply.text) as { id: string };
  of.integrations.push(
    product === undefined
      ? { id, prefix, place: 'account', ...(device && { deviceId: device.id }) }
      : { id, prefix, place: 'product' },
  );
  const here = of.integrations.filter(({ place }) => place === (product === undefined ? 'account' : 'product'));
  const [oldest] = here;
  if (oldest === undefined || here.length <= MOST_INTEGRATIONS) return;
  const gone = await world.call(tenant.token, 'DELETE', `${base}/integrations/${oldest.id}`);
  expect(gone.status).toBe(204);
  of.integrations.splice(of.integrations.indexOf(oldest), 1);
};

/** An integration is there for its own place alone, and so is what is owed to it. */
const reachIntegration: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  const [integration] = other.integrations;
  if (integration === undefined) return;
  const own = tenant === other;
  const suffix = dice.pick(['', '/deliveries?limit=5&state=waiting']);
  const method = 'GET';
  const atAccount = await world.call(tenant.token, method, `/v1/integrations/${integration.id}${suffix}`);
  expect(atAccount.status).toBe(own && integration.place === 'account' ? 200 : 404);
  expectOnlyOwn(world, tenant, `/v1/integrations/${integration.id}`, atAccount);
  const base = `/v1/products/${tenant.productId}/integrations/${integration.id}`;
  const inProduct = await world.call(tenant.token, method, base + suffix);
  expect(inProduct.status).toBe(own && integration.place === 'product' ? 200 : 404);
  const replay = { source: 'history', from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', event: 'ev-9' };
  if (own) return;
  expect((await world.call(tenant.token, 'POST', `${base}/replay`, replay)).status).toBe(404);
  expect((await world.call(tenant.token, 'POST', `${base}/test`, {})).status).toBe(404);
  expect((await world.call(tenant.token, 'DELETE', base)).status).toBe(404);
};

const MOST_SHOWN = 50;

/** The past shows what the streams have shown, whatever happened to devices since (PRD-23); positions may be those of any event. */
const readHistory: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const reader = dice.pick(['account', 'customer', 'product'] as const);
  const [customer] = tenant.customers;
  const token = { account: tenant.token, customer: customer?.token ?? '', product: tenant.productToken }[reader];
  const base = reader === 'product' ? `/v1/products/${tenant.productId}` : '/v1/user';
  const someone = dice.pick(world.tenants).past[dice.pick(['account', 'product'] as const)];
  const before = someone.length === 0 ? undefined : dice.pick(someone).sequence;
  const url = `${base}/history?prefix=ev-&limit=${MOST_SHOWN}${before === undefined ? '' : `&before=${before}`}`;
  const reply = await world.call(token, 'GET', url);
  expect([url, reply.status]).toEqual([url, 200]);
  const { events } = JSON.parse(reply.text) as { events: { name: string }[] };
  const past = tenant.past[reader].filter(({ sequence }) => before === undefined || sequence < before);
  const expected = past.slice(-MOST_SHOWN).reverse();
  expect([url, events.map(({ name }) => name)]).toEqual([url, expected.map(({ name }) => name)]);

  const product = dice.pick(world.tenants);
  const there = await world.call(tenant.token, 'GET', `/v1/products/${product.productId}/history?limit=1`);
  expect(there.status).toBe(roleIn(tenant, product) === undefined ? 403 : 200);
};

/** What is counted is counted once, for the product that a device was in, else for its owner (BIL-13). */
const readOperations: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const published = async (token: string, base: string) => {
    const reply = await world.call(token, 'GET', `${base}/data_operations?by=month`);
    expect(reply.status).toBe(200);
    const { operations } = JSON.parse(reply.text) as { operations: { kind: string; count: number }[] };
    return operations.find(({ kind }) => kind === 'publish')?.count ?? 0;
  };
  const { inProduct, outside } = tenant.published;
  expect(await published(tenant.token, `/v1/products/${tenant.productId}`)).toBe(inProduct);
  expect(await published(tenant.token, '/v1/user')).toBe(inProduct + outside);
  const other = dice.pick(world.tenants);
  const foreign = await world.call(tenant.token, 'GET', `/v1/products/${other.productId}/data_operations`);
  expect(foreign.status).toBe(tenant === other ? 200 : 403);
};

/** Consumer groups of the same name are one for each place. */
const readGroups: Action = async (world, dice) => {
  const tenant = dice.pick(world.tenants);
  const other = dice.pick(world.tenants);
  const { mark, productId } = other;
  const at = world.server.ambient.clock.now();
  const rest = { device_id: '', name_prefix: mark, through: 0, unacknowledged: '', created_at: at, updated_at: at };
  const group = { place_kind: 'product' as const, place_id: String(productId), name: mark };
  await world.store.db
    .insertInto('consumer_groups')
    .values([
      { ...group, ...rest },
      { ...group, ...rest, name: 'readers' },
    ])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const base = `/v1/products/${productId}/event-groups`;
  const role = roleIn(tenant, other);
  for (const path of ['', `/${mark}`, '/readers']) {
    const reply = await world.call(tenant.token, 'GET', base + path);
    expect([path, reply.status]).toEqual([path, role === undefined ? 403 : 200]);
  }
  for (const url of [`/v1/event-groups/${mark}`, '/v1/event-groups/readers']) {
    expect((await world.call(tenant.token, 'GET', url)).status).toBe(404);
    expect((await world.call(tenant.token, 'DELETE', url)).status).toBe(404);
  }
  if (role !== undefined) return;
  expect((await world.call(tenant.token, 'DELETE', `${base}/readers`)).status).toBe(403);
  const reset = await world.call(tenant.token, 'PUT', `${base}/readers`, { cursor: 0 });
  expect(reset.status).toBe(403);
};

/** Lets a device publish. */
export async function publish(world: TenantWorld, device: DeviceModel, name: string, text: string): Promise<void> {
  await world.ports.publish({
    deviceId: device.id,
    name,
    data: Buffer.from(text),
    contentFormat: 0,
    ttlSeconds: 60,
    receivedAt: world.server.ambient.clock.now(),
    address: '192.0.2.1',
  });
}

/** Every action, the common ones more than once. */
export const ACTIONS: readonly Action[] = [
  readOwn,
  readOwn,
  readOwn,
  readProduct,
  readProduct,
  readDevice,
  readDevice,
  changeDevice,
  claim,
  claim,
  claimToCustomer,
  claimByCode,
  handOver,
  reachThroughOwnProduct,
  unclaim,
  releaseFromProduct,
  importDevice,
  importDevice,
  removeDevice,
  invite,
  answerInvitation,
  answerInvitation,
  removeMember,
  replaceProduct,
  addIntegration,
  reachIntegration,
  readHistory,
  readHistory,
  readOperations,
  readGroups,
];
