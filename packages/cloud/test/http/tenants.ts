import type { Scope } from '@cloudchamber/contract';
import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import { issueToken, type TokenSubject } from '../../src/domain/accounts/index.ts';
import type { Role } from '../../src/domain/authorization/index.ts';
import type { TestServer } from '../../src/http/test-server.ts';

const PLATFORM = 13;

/** Somebody who can send a request. */
export interface Caller {
  readonly name: string;
  /** The Authorization header; absent for nobody. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One organization with a product of its own, everybody who can have a part in it, and a device in the product. */
export interface Tenant {
  readonly organizationId: string;
  readonly productId: number;
  readonly deviceId: DeviceId;
  /** A device of the owner that is in no product. */
  readonly ownDeviceId: DeviceId;
  readonly owner: Caller & { readonly userId: string };
  member(role: Role): Caller;
  readonly productDeveloper: Caller;
  readonly customer: Caller & { readonly customerId: string };
  readonly productToken: Caller;
  /** A new API user of the organization. */
  apiUser(scopes: readonly Scope[]): Promise<Caller>;
}

/** Lays a tenant into the store, by rows, so that the routes under test are not needed to set the test up. */
export async function addTenant(server: TestServer, mark: string, number: number): Promise<Tenant> {
  const { store, entropy, clock } = server.ambient;
  const { db } = store;
  const id = () => entropy.bytes(12).toString('hex');
  const at = clock.now();
  const bearer = async (name: string, subject: TokenSubject, clientId = 'particle'): Promise<Caller> => {
    const request = { subject, clientId, lifetimeSeconds: 0, withRefresh: false };
    const { accessToken } = await issueToken(server.ambient, db, request);
    return { name, headers: { authorization: `Bearer ${accessToken}` } };
  };
  const account = async (name: string) => {
    const user = await server.addUser(`${name}@${mark}.example`);
    return { name, userId: user.id, headers: user.headers };
  };

  const owner = await account('owner');
  const organizationId = id();
  await db
    .insertInto('organizations')
    .values({ id: organizationId, slug: mark, name: mark, owner_id: owner.userId, created_at: at, updated_at: at })
    .execute();
  const settings = {
    location: { opt_in: false },
    known_application: { opt_in: false },
    unknown_devices: 'quarantine',
  };
  const { id: productId } = await db
    .insertInto('products')
    .values({
      name: `${mark} product`,
      name_key: `${mark} product`,
      slug: `${mark}-product-v1`,
      description: '',
      platform_id: PLATFORM,
      owner_kind: 'organization',
      owner_id: organizationId,
      settings: JSON.stringify(settings),
      created_at: at,
      updated_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();

  const members = new Map<Role, Caller>();
  for (const role of ['Administrator', 'Developer', 'Support', 'View-only'] as const) {
    const member = await account(role.toLowerCase());
    members.set(role, { ...member, name: role });
    await join(server, { kind: 'organization', id: organizationId }, member.userId, role);
  }
  const productDeveloper = await account('product-developer');
  await join(server, { kind: 'product', id: String(productId) }, productDeveloper.userId, 'Developer');

  const customerId = id();
  await db
    .insertInto('customers')
    .values({
      id: customerId,
      product_id: productId,
      username: `customer@${mark}.example`,
      full_name: null,
      password_hash: null,
      user_id: null,
      created_at: at,
    })
    .execute();

  const clientId = `${mark}-1000`;
  const client = { id: clientId, user_id: null, product_id: productId, name: mark, type: 'installed' as const };
  await db
    .insertInto('oauth_clients')
    .values({ ...client, secret_hash: '', redirect_uri: null, scope: null, role: 'Administrator', created_at: at })
    .execute();
  const deviceId = await addDevice(server, { number: number * 2, mark, productId, ownerId: customerId });
  const ownDeviceId = await addDevice(server, { number: number * 2 + 1, mark, productId: null, ownerId: owner.userId });
  return {
    organizationId,
    productId,
    deviceId,
    ownDeviceId,
    owner,
    member: (role) => members.get(role) ?? owner,
    productDeveloper,
    customer: { ...(await bearer('customer', { kind: 'customer', id: customerId })), customerId },
    productToken: await bearer('product token', { kind: 'product', id: String(productId) }, clientId),
    apiUser: async (scopes) => {
      const apiUserId = id();
      const row = { id: apiUserId, username: `robot+${apiUserId}@api.example`, friendly_name: mark };
      const team = { team_kind: 'organization' as const, team_id: organizationId };
      await db
        .insertInto('api_users')
        .values({ ...row, ...team, scopes: JSON.stringify(scopes), created_at: at })
        .execute();
      return bearer('API user', { kind: 'api_user', id: apiUserId });
    },
  };
}

async function join(
  { ambient }: TestServer,
  team: { readonly kind: 'product' | 'organization'; readonly id: string },
  userId: string,
  role: Role,
): Promise<void> {
  const at = ambient.clock.now();
  await ambient.store.db
    .insertInto('team_members')
    .values({
      team_kind: team.kind,
      team_id: team.id,
      user_id: userId,
      role,
      state: 'accepted',
      invited_by: null,
      created_at: at,
      accepted_at: at,
    })
    .execute();
}

async function addDevice(
  { ambient }: TestServer,
  device: {
    readonly number: number;
    readonly mark: string;
    readonly productId: number | null;
    readonly ownerId: string;
  },
): Promise<DeviceId> {
  const id = parseDeviceId(`e00fce68${String(device.number).padStart(16, '0')}`);
  if (id === undefined) throw new Error('not a device id');
  const at = ambient.clock.now();
  await ambient.store.db
    .insertInto('devices')
    .values({
      id,
      name: `${device.mark}-${device.number}`,
      owner_id: device.ownerId,
      product_id: device.productId,
      platform_id: PLATFORM,
      safe_mode: 0,
      updates_forced: 0,
      development: 0,
      functions: '[]',
      variables: '{}',
      claimed_at: at,
      created_at: at,
      updated_at: at,
    })
    .execute();
  return id;
}
