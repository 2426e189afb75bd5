import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { issueToken } from '../../domain/accounts/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { organizationRouteModule } from './organizations.ts';
import { productRouteModule } from './products.ts';

const DENIED = { error: 'permission_denied', error_description: 'Permission denied' };
const AT = '2026-02-03T06:15:22.118Z';

describeStores('organization routes', (open) => {
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let operator: TestUser;
  let policy: 'operator' | 'open';

  const start = async () => {
    const clock = new VirtualClock(Date.parse(AT));
    store = await open({ clock });
    test = await testServer(store, {
      clock,
      routes: (_ambient, accounts) => [
        organizationRouteModule({ accounts, organizationPolicy: policy }),
        productRouteModule({ accounts, bus: accounts.bus }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    operator = await test.addUser('op@example.net', { operator: true });
  };
  beforeEach(async () => {
    policy = 'open';
    await start();
  });
  afterEach(() => test.fastify.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  const call = async (method: Method, url: string, body?: unknown, user: Pick<TestUser, 'headers'> = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : (reply.json() as unknown) };
  };
  const create = async (name = 'Acme', user = ann) => {
    const { body } = await call('POST', '/v1/orgs', { name }, user);
    return (body as { organization: { id: string; slug: string } }).organization;
  };
  const join = (id: string, user: TestUser, role: string, state: 'accepted' | 'invited' = 'accepted') =>
    store.db
      .insertInto('team_members')
      .values({
        team_kind: 'organization',
        team_id: id,
        user_id: user.id,
        role,
        state,
        invited_by: null,
        created_at: 1,
        accepted_at: 1,
      })
      .execute();

  it('lists none as an empty list', async () => {
    expect(await call('GET', '/v1/orgs')).toEqual({ status: 200, body: { organizations: [] } });
  });

  it('makes one that its maker owns', async () => {
    const reply = await call('POST', '/v1/orgs', { name: '  Acme, Inc. ' });
    const { id } = (reply.body as { organization: { id: string } }).organization;
    const organization = { id, slug: 'acme-inc', name: 'Acme, Inc.', owner: ann.id, created_at: AT, updated_at: AT };
    expect(reply).toEqual({ status: 201, body: { organization } });
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(await call('GET', '/v1/orgs')).toEqual({ status: 200, body: { organizations: [organization] } });
    for (const selector of [id, id.toUpperCase(), 'acme-inc', 'ACME-INC']) {
      expect(await call('GET', `/v1/orgs/${selector}`)).toEqual({ status: 200, body: { organization } });
    }
  });

  it('keeps slugs apart from each other and from ids', async () => {
    const names = ['Acme', 'acme', 'ACME!', '温室', 'ab'.repeat(12)];
    const made = await Promise.all(names.map((name) => create(name)));
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(
      ['acme', 'acme-2', 'acme-3', 'organization', `${'ab'.repeat(12)}-1`].toSorted(),
    );
  });

  it.each([[{}], [{ name: '' }], [{ name: '  ' }], [{ name: 'x'.repeat(101) }], [{ name: 7 }], [{ name: 'a\0' }]])(
    'refuses %j',
    async (body) => {
      expect(await call('POST', '/v1/orgs', body)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      const { id } = await create();
      expect(await call('PUT', `/v1/orgs/${id}`, body)).toMatchObject({ status: 400 });
    },
  );

  it('are made by operators alone unless the server says otherwise', async () => {
    await test.fastify.close();
    policy = 'operator';
    await start();
    expect(await call('POST', '/v1/orgs', { name: 'Acme' })).toEqual({
      status: 403,
      body: {
        error: 'operator_only',
        error_description: 'Only an operator of this server makes organizations: ask one to make it and to invite you',
      },
    });
    expect(await call('POST', '/v1/orgs', { name: 'Acme' }, operator)).toMatchObject({ status: 201 });
  });

  it('lists several, by name, to members and not to those who are only invited', async () => {
    const one = await create('Widgets', bob);
    const two = await create('Acme', bob);
    const three = await create('Zinc', bob);
    await create('Mine');
    await join(one.id, ann, 'View-only');
    await join(two.id, ann, 'Administrator');
    await join(three.id, ann, 'Developer', 'invited');
    const { body } = await call('GET', '/v1/orgs');
    expect((body as { organizations: { name: string }[] }).organizations.map(({ name }) => name)).toEqual([
      'Acme',
      'Mine',
      'Widgets',
    ]);
  });

  it('shows an API user its own, and a product token none', async () => {
    const { id } = await create();
    await create('Widgets');
    const robot = { id: 'ef'.repeat(12), username: 'robot@api.test', friendly_name: 'robot', created_at: 1 };
    await store.db
      .insertInto('api_users')
      .values({ ...robot, scopes: '["products:list"]', team_kind: 'organization', team_id: id })
      .execute();
    const product = await call('POST', '/v1/user/products', { name: 'Greenhouse', platform_id: 13 });
    expect(product.status).toBe(201);
    const tokenOf = async (kind: 'api_user' | 'product', subjectId: string) => {
      const request = { subject: { kind, id: subjectId }, clientId: 'x', lifetimeSeconds: 0, withRefresh: false };
      const { accessToken } = await issueToken(test.ambient, store.db, request);
      return { headers: { authorization: `Bearer ${accessToken}` } };
    };
    const seen = await call('GET', '/v1/orgs', undefined, await tokenOf('api_user', robot.id));
    expect(seen.body).toMatchObject({ organizations: [{ id }] });
    expect(await call('GET', '/v1/orgs', undefined, await tokenOf('product', '1000'))).toEqual({
      status: 200,
      body: { organizations: [] },
    });
    expect(await call('GET', `/v1/orgs/${id}`, undefined, await tokenOf('api_user', robot.id))).toEqual({
      status: 400,
      body: { error: 'unauthorized', error_description: 'API users are not allowed to call this endpoint' },
    });
  });

  it('renames, and keeps the slug', async () => {
    const { id } = await create();
    expect(await call('PUT', '/v1/orgs/acme', { name: 'Widgets' })).toMatchObject({
      status: 200,
      body: { organization: { id, slug: 'acme', name: 'Widgets' } },
    });
  });

  it.each([
    ['Administrator', 200, 403],
    ['Developer', 403, 403],
    ['Support', 403, 403],
    ['View-only', 403, 403],
  ])('lets the role %s rename (%i) and delete (%i)', async (role, rename, remove) => {
    const { id } = await create();
    await join(id, bob, role);
    expect(await call('GET', `/v1/orgs/${id}`, undefined, bob)).toMatchObject({ status: 200 });
    expect(await call('PUT', `/v1/orgs/${id}`, { name: 'Widgets' }, bob)).toMatchObject({ status: rename });
    expect(await call('DELETE', `/v1/orgs/${id}`, undefined, bob)).toMatchObject({ status: remove });
  });

  it('looks the same to strangers whether it is there or not', async () => {
    const { id } = await create();
    for (const selector of [id, 'acme', 'ab'.repeat(12), 'nowhere', '%00', '%E0%B0%B0']) {
      expect(await call('GET', `/v1/orgs/${selector}`, undefined, bob)).toEqual({ status: 403, body: DENIED });
      expect(await call('PUT', `/v1/orgs/${selector}`, { name: 'x' }, bob)).toEqual({ status: 403, body: DENIED });
      expect(await call('DELETE', `/v1/orgs/${selector}`, undefined, bob)).toEqual({ status: 403, body: DENIED });
    }
  });

  it('is deleted when it has no products, with its team, once', async () => {
    const { id } = await create();
    await join(id, bob, 'Developer');
    const made = await call('POST', '/v1/orgs/acme/products', { name: 'Greenhouse', platform_id: 13 });
    const { product } = made.body as { product: { id: number } };
    expect(await call('DELETE', '/v1/orgs/acme')).toEqual({
      status: 409,
      body: {
        error: 'organization_has_products',
        error_description: 'The organization has products: delete them, or transfer them to another owner, first',
      },
    });
    await call('DELETE', `/v1/products/${product.id}`);
    const replies = await Promise.all([call('DELETE', '/v1/orgs/acme'), call('DELETE', '/v1/orgs/acme')]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 403]);
    expect(await call('GET', '/v1/orgs', undefined, bob)).toEqual({ status: 200, body: { organizations: [] } });
    expect(await store.db.selectFrom('team_members').selectAll().execute()).toEqual([]);
  });

  it('ends before or after a product is made in it, never between', async () => {
    for (let round = 0; round < 4; round++) {
      const { slug } = await create(`Acme ${round}`);
      const [made, removed] = await Promise.all([
        call('POST', `/v1/orgs/${slug}/products`, { name: `Greenhouse ${round}`, platform_id: 13 }),
        call('DELETE', `/v1/orgs/${slug}`),
      ]);
      expect([
        [201, 409],
        [403, 204],
      ]).toContainEqual([made.status, removed.status]);
    }
  });
});
