import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { issueToken } from '../../domain/accounts/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { organizationRouteModule } from './organizations.ts';
import { productRouteModule } from './products.ts';
import { searchRouteModule } from './search.ts';

const id = (number: number) => number.toString(16).padStart(24, 'e');

interface Hit {
  readonly type: string;
  readonly org: string | null;
  readonly orgName: string | null;
  readonly device?: { readonly id: string; readonly name: string };
  readonly product?: { readonly id: number; readonly name: string };
}

describeStores('search routes', (open) => {
  let store: Store;
  let test: TestServer;
  let commands: FakeDeviceCommands;
  let ann: TestUser;
  let bob: TestUser;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    commands = new FakeDeviceCommands();
    test = await testServer(store, {
      clock,
      routes: (_ambient, accounts) => [
        organizationRouteModule({ accounts, organizationPolicy: 'open' }),
        productRouteModule({ accounts, bus: accounts.bus }),
        searchRouteModule({ commands }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
  });
  afterEach(() => test.fastify.close());

  const addProduct = async (name: string, user: TestUser = ann, url = '/v1/user/products') => {
    const payload = { product: { name, platform_id: 13 } };
    const reply = await test.fastify.inject({ method: 'POST', url, headers: user.headers, payload });
    return reply.json().product.id as number;
  };
  const addOrganization = async (name: string, user: TestUser = ann) => {
    const reply = await test.fastify.inject({
      method: 'POST',
      url: '/v1/orgs',
      headers: user.headers,
      payload: { name },
    });
    return reply.json().organization.id as string;
  };
  const addDevice = (
    number: number,
    name: string,
    {
      owner = null,
      product = null,
      serial = null,
    }: { owner?: TestUser | null; product?: number | null; serial?: string | null },
  ) =>
    store.db
      .insertInto('devices')
      .values({
        id: id(number),
        name,
        owner_id: owner?.id ?? null,
        product_id: product,
        platform_id: 13,
        firmware_version: null,
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
        last_ip: null,
        server_key: null,
        serial_number: serial,
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
  const get = async (url: string, user: Pick<TestUser, 'headers'> = ann) => {
    const reply = await test.fastify.inject({ url, headers: user.headers });
    return { status: reply.statusCode, body: reply.json() as { results: Hit[]; hasMore: boolean } };
  };
  const hits = async (url: string, user: Pick<TestUser, 'headers'> = ann) => {
    const { status, body } = await get(url, user);
    expect(status).toBe(200);
    return body.results.map(({ device, product }) => device?.name ?? product?.name);
  };

  it('finds devices and products with the bodies of their own routes', async () => {
    const product = await addProduct('Valves');
    await addDevice(1, 'valve-north', { owner: ann, product });
    commands.online.add(id(1) as never);
    const { body } = await get('/v1/user/search?text=VALVE');
    expect(body).toMatchObject({
      ok: true,
      hasMore: false,
      results: [
        {
          type: 'device',
          org: null,
          orgName: null,
          device: { id: id(1), name: 'valve-north', owner: 'ann@example.net', product_id: product, online: true },
        },
        { type: 'product', org: null, orgName: null, product: { id: product, slug: 'valves-v1', groups: [] } },
      ],
    });
  });

  it('shows what the account can see and nothing else', async () => {
    const theirs = await addProduct('x of Bob', bob);
    const team = await addProduct('x of a team', bob);
    const organization = await addOrganization('Acme', bob);
    const acme = await addProduct('x of Acme', bob, `/v1/orgs/${organization}/products`);
    await addProduct('x mine');
    await addDevice(1, 'x1 mine', { owner: ann });
    await addDevice(2, 'x2 mine elsewhere', { owner: ann, product: theirs });
    await addDevice(3, 'x3 foreign', { owner: bob, product: theirs });
    await addDevice(4, 'x4 of the team', { owner: bob, product: team });
    await addDevice(5, 'x5 of Acme', { product: acme });
    await addDevice(6, 'x6 nobody', {});
    const member = { role: 'View-only', state: 'accepted' as const, invited_by: null, created_at: 1, accepted_at: 1 };
    const join = (kind: 'product' | 'organization', teamId: string) =>
      store.db
        .insertInto('team_members')
        .values({ ...member, team_kind: kind, team_id: teamId, user_id: ann.id })
        .execute();
    expect(await hits('/v1/user/search?text=x')).toEqual(['x1 mine', 'x2 mine elsewhere', 'x mine']);
    await join('product', String(team));
    await join('organization', organization);
    const { body } = await get('/v1/user/search?text=x');
    expect(
      body.results.map(({ type, org, orgName, device, product }) => [
        type,
        device?.name ?? product?.name,
        org,
        orgName,
      ]),
    ).toEqual([
      ['device', 'x1 mine', null, null],
      ['device', 'x2 mine elsewhere', null, null],
      ['device', 'x4 of the team', null, null],
      ['device', 'x5 of Acme', 'acme', 'Acme'],
      ['product', 'x of a team', null, null],
      ['product', 'x of Acme', 'acme', 'Acme'],
      ['product', 'x mine', null, null],
    ]);
    expect(await hits('/v1/orgs/acme/search?text=x')).toEqual(['x5 of Acme', 'x of Acme']);
  });

  it('matches names, ids, serial numbers and slugs in any case', async () => {
    const product = await addProduct('Glass House');
    await addDevice(10, 'pump', { owner: ann, serial: 'P046AB123' });
    expect(await hits('/v1/user/search?text=p046ab')).toEqual(['pump']);
    expect(await hits(`/v1/user/search?text=${id(10).toUpperCase()}`)).toEqual(['pump']);
    expect(await hits('/v1/user/search?text=%20PUMP%20')).toEqual(['pump']);
    expect(await hits('/v1/user/search?text=s-HOUSE-v')).toEqual(['Glass House']);
    expect(await hits(`/v1/user/search?text=${product}`)).toEqual(['Glass House']);
  });

  it.each(['%', '_', '!', '\\', "'", 'a%', '%_%'])('takes %s for itself', async (text) => {
    await addDevice(1, 'abc', { owner: ann });
    await addDevice(2, `has a${text}b`, { owner: ann });
    await addProduct('abc');
    expect(await hits(`/v1/user/search?text=${encodeURIComponent(`a${text}`)}`)).toEqual([`has a${text}b`]);
  });

  it('shows ten of a type, and says when there are more', async () => {
    const product = await addProduct('n');
    for (let number = 10; number < 20; number++) await addDevice(number, `n${number}`, { owner: ann, product });
    expect(await get('/v1/user/search?text=n')).toMatchObject({ body: { hasMore: false, results: { length: 11 } } });
    await addDevice(20, 'n20', { product });
    const { body } = await get('/v1/user/search?text=n&type=device');
    expect([body.results.length, body.hasMore]).toEqual([10, true]);
    expect(body.results.map(({ device }) => device?.name)).toEqual(
      Array.from({ length: 10 }, (_, at) => `n${at + 10}`),
    );
  });

  it('looks for the types that it is asked for', async () => {
    await addProduct('both');
    await addDevice(1, 'both', { owner: ann });
    const types = async (query: string) =>
      (await get(`/v1/user/search?text=both${query}`)).body.results.map(({ type }) => type);
    expect(await types('&type=device')).toEqual(['device']);
    expect(await types('&type=product')).toEqual(['product']);
    expect(await types('&type=sim')).toEqual([]);
    expect(await types('&type=sim&type=product')).toEqual(['product']);
    expect(await types('&type=device,product')).toEqual(['device', 'product']);
  });

  it.each([
    '',
    '?text=',
    '?text=%20',
    `?text=${'x'.repeat(101)}`,
    '?text=a%00',
    '?text=a&type=group',
    '?text=a&text=b',
  ])('refuses %s', async (query) => {
    const reply = await get(`/v1/user/search${query}`);
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('of an organization is for its members, and shows devices to API users that may list them', async () => {
    const organization = await addOrganization('Acme');
    const product = await addProduct('x', ann, `/v1/orgs/${organization}/products`);
    await addDevice(1, 'x1', { product });
    expect(await get('/v1/orgs/acme/search?text=x', bob)).toEqual({
      status: 403,
      body: { error: 'permission_denied', error_description: 'Permission denied' },
    });
    const robot = { id: 'ef'.repeat(12), username: 'robot@api.test', friendly_name: 'robot', created_at: 1 };
    const team = { team_kind: 'organization' as const, team_id: organization };
    await store.db
      .insertInto('api_users')
      .values({ ...robot, ...team, scopes: '["products:list"]' })
      .execute();
    const tokenOf = async () => {
      const subject = { kind: 'api_user' as const, id: robot.id };
      const request = { subject, clientId: 'x', lifetimeSeconds: 0, withRefresh: false };
      const { accessToken } = await issueToken(test.ambient, store.db, request);
      return { headers: { authorization: `Bearer ${accessToken}` } };
    };
    expect(await hits('/v1/orgs/acme/search?text=x', await tokenOf())).toEqual(['x']);
    await store.db.updateTable('api_users').set({ scopes: '["products:list","devices:list"]' }).execute();
    expect(await hits('/v1/orgs/acme/search?text=x', await tokenOf())).toEqual(['x1', 'x']);
  });
});
