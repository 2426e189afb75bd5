import type { DeviceCommands } from '@cloudchamber/gateway';
import { type Clock, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import type { InjectOptions } from 'fastify';
import { InProcessBus } from '../../bus/index.ts';
import { FirstRun } from '../../domain/accounts/index.ts';
import type { Store } from '../../store/store.ts';
import { type TestUser, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { authorizeRouteModule } from './authorize.ts';
import { consoleRouteModule } from './console.ts';
import { customerRouteModule } from './customers.ts';

const TABLES = [
  'users',
  'access_tokens',
  'refresh_tokens',
  'oauth_clients',
  'authorization_codes',
  'mail_tokens',
  'products',
  'customers',
  'claim_codes',
  'devices',
  'api_users',
] as const;

/** What a client logs in with, as fields of a form. */
export type TestClient = Readonly<Record<'client_id' | 'client_secret', string>>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
export const WRONG_CLIENT = { error: 'invalid_client', error_description: 'Client credentials are invalid' };
export const WRONG_LOGIN = { error: 'invalid_grant', error_description: 'User credentials are invalid' };
export const DENIED = { error: 'permission_denied', error_description: 'Permission denied' };
export const TOKEN = /^[0-9a-f]{40}$/;

export const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

/** For tests of clients, grants and customers: ann owns product 1042 "Greenhouse", eve product 1043 "Orchard". The store is emptied. */
export async function productServer<C extends Clock>(
  store: Store,
  clock: C,
  commands: Pick<DeviceCommands, 'isOnline'>,
) {
  for (const table of TABLES) await store.db.deleteFrom(table).execute();
  const bus = new InProcessBus(silentLogger);
  const server = await testServer(store, {
    clock,
    bus,
    entropy: seededEntropy(1),
    routes: (_ambient, accounts) => [
      accountRouteModule(accounts),
      authorizeRouteModule(accounts),
      consoleRouteModule({
        accounts,
        firstRun: new FirstRun(undefined, async () => {}),
        publicUrl: accounts.publicUrl,
        deviceHost: 'devices.example.net',
        udpPort: null,
        tcpPort: null,
      }),
      customerRouteModule({ accounts, bus, commands }),
    ],
  });
  const ann = await server.addUser('ann@example.net');
  const eve = await server.addUser('eve@example.net');
  await store.db.updateTable('users').set({ email_verified_at: 1 }).execute();
  await addProduct(store, 1042, 'Greenhouse', ann.id);
  await addProduct(store, 1043, 'Orchard', eve.id);
  const call = (request: InjectOptions | string) => server.fastify.inject(request);
  const form = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    call({ method: 'POST', url, headers: { ...FORM, ...headers }, payload: new URLSearchParams(fields).toString() });
  const grant = (fields: Record<string, string>, headers?: Record<string, string>) =>
    form('/oauth/token', fields, headers);
  const addClient = async (
    place: string,
    fields: Record<string, string> = {},
    owner: TestUser = ann,
  ): Promise<TestClient> => {
    const payload = { name: 'Server', type: 'installed', ...fields };
    const reply = await call({ method: 'POST', url: `/v1/${place}clients`, headers: owner.headers, payload });
    const { id, secret } = reply.json().client;
    return { client_id: id, client_secret: secret };
  };
  /** Status of asking what the token is, and whose it is. */
  const works = async (token: string) => (await call(`/v1/access_tokens/current?access_token=${token}`)).statusCode;
  return { ...server, clock, bus, ann, eve, call, form, grant, addClient, works };
}

async function addProduct(store: Store, id: number, name: string, ownerId: string): Promise<void> {
  const slug = name.toLowerCase();
  await store.db
    .insertInto('products')
    .values({
      id,
      name,
      slug,
      name_key: slug,
      description: '',
      platform_id: 32,
      owner_kind: 'user',
      owner_id: ownerId,
      settings: '{}',
      created_at: 1,
      updated_at: 1,
    })
    .execute();
}

/** A device of product 1042 that `ownerId` owns. */
export async function addDevice(store: Store, id: string, ownerId: string | null): Promise<void> {
  await store.db
    .insertInto('devices')
    .values({
      id,
      name: 'sensor',
      owner_id: ownerId,
      product_id: 1042,
      platform_id: 32,
      firmware_version: 7,
      system_version: null,
      public_key: null,
      notes: null,
      functions: null,
      variables: null,
      system_describe: null,
      safe_mode: 0,
      updates_enabled: null,
      updates_forced: 0,
      last_heard: null,
      last_handshake_at: null,
      last_ip: '198.51.100.17',
      server_key: null,
      serial_number: null,
      iccid: null,
      imei: null,
      claimed_at: null,
      firmware_product_id: null,
      development: 0,
      desired_firmware_version: null,
      joined_product_at: null,
      created_at: 1,
      updated_at: 1,
    })
    .execute();
}
