import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken, type TokenSubject } from '../../domain/accounts/index.ts';
import { type ProductChange, productChanges } from '../../domain/products/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { organizationRouteModule } from './organizations.ts';
import { productRouteModule } from './products.ts';

const DENIED = { error: 'permission_denied', error_description: 'Permission denied' };
const GREENHOUSE = { name: 'Greenhouse', description: 'Valve controllers', platform_id: 13 };

interface Product {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly settings: unknown;
}

describeStores('product routes', (open) => {
  let store: Store;
  let test: TestServer;
  let changes: ProductChange[];
  let ann: TestUser;
  let bob: TestUser;
  let operator: TestUser;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    changes = [];
    bus.subscribe(productChanges, (change) => changes.push(change));
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => [
        productRouteModule({ accounts, bus }),
        organizationRouteModule({ accounts, organizationPolicy: 'open' }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    operator = await test.addUser('op@example.net', { operator: true });
  });
  afterEach(() => test.fastify.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  type Caller = Pick<TestUser, 'headers'>;
  const call = async (method: Method, url: string, body?: unknown, user: Caller = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : (reply.json() as unknown) };
  };
  const create = async (product: object = GREENHOUSE, user: Caller = ann, url = '/v1/user/products') => {
    const reply = await call('POST', url, { product }, user);
    expect(reply).toMatchObject({ status: 201 });
    return (reply.body as { product: Product }).product;
  };
  const createOrganization = async (name: string, user: Caller = ann) => {
    const { body } = await call('POST', '/v1/orgs', { name }, user);
    return (body as { organization: { id: string; slug: string } }).organization;
  };
  const names = async (url: string, user: Caller = ann) => {
    const { status, body } = await call('GET', url, undefined, user);
    return status === 200 ? (body as { products: Product[] }).products.map(({ name }) => name) : { status, body };
  };
  const join = (
    kind: 'product' | 'organization',
    id: string | number,
    user: TestUser,
    role: string,
    state = 'accepted',
  ) =>
    store.db
      .insertInto('team_members')
      .values({
        team_kind: kind,
        team_id: String(id),
        user_id: user.id,
        role,
        state: state as 'accepted',
        invited_by: null,
        created_at: 1,
        accepted_at: 1,
      })
      .execute();
  const tokenOf = async (subject: TokenSubject, scope: string | null = null): Promise<Caller> => {
    const request = { subject, scope, clientId: 'client', lifetimeSeconds: 0, withRefresh: false };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { headers: { authorization: `Bearer ${accessToken}` } };
  };
  const apiUser = async (kind: 'product' | 'organization', id: string | number, scopes: string[]) => {
    const row = { id: 'ef'.repeat(12), username: `robot+${kind}@api.test`, friendly_name: 'robot', created_at: 1 };
    await store.db
      .insertInto('api_users')
      .values({ ...row, scopes: JSON.stringify(scopes), team_kind: kind, team_id: String(id) })
      .execute();
    return tokenOf({ kind: 'api_user', id: row.id });
  };
  const customer = async (productId: number) => {
    const row = { id: 'cc'.repeat(12), product_id: productId, username: 'cy@example.com', created_at: 1 };
    await store.db
      .insertInto('customers')
      .values({ ...row, full_name: null, password_hash: null, user_id: null })
      .execute();
    return tokenOf({ kind: 'customer', id: row.id });
  };

  describe('making a product', () => {
    it('answers with the product', async () => {
      expect(await call('POST', '/v1/user/products', { product: GREENHOUSE })).toEqual({
        status: 201,
        body: {
          product: {
            id: 1000,
            platform_id: 13,
            name: 'Greenhouse',
            slug: 'greenhouse-v1',
            description: 'Valve controllers',
            subscription_id: null,
            user: ann.id,
            org: null,
            organization_id: null,
            groups: [],
            settings: {
              location: { opt_in: false },
              known_application: { opt_in: false },
              quarantine: true,
              unknown_devices: 'quarantine',
            },
            device_protection: 'disabled',
          },
        },
      });
      expect(changes).toEqual([{ productId: 1000 }]);
    });

    it('takes the fields without a wrapper, and forms', async () => {
      expect(await call('POST', '/v1/user/products', GREENHOUSE)).toMatchObject({ status: 201 });
      const reply = await test.fastify.inject({
        method: 'POST',
        url: '/v1/user/products',
        headers: { ...ann.headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'product[name]=Form&product[platform_id]=32&product[settings][location][opt_in]=true',
      });
      expect(reply.statusCode).toBe(201);
      expect(reply.json().product).toMatchObject({
        name: 'Form',
        description: '',
        platform_id: 32,
        settings: { location: { opt_in: true } },
      });
    });

    it.each([['Greenhouse'], ['  green   HOUSE '.replace('   ', '')], ['ＧＲＥＥＮＨＯＵＳＥ']])(
      'refuses the name %j that somebody has',
      async (name) => {
        await create();
        const reply = await call('POST', '/v1/user/products', { product: { ...GREENHOUSE, name } }, bob);
        expect(reply).toEqual({
          status: 409,
          body: {
            error: 'product_name_taken',
            error_description: `The name "${name.trim()}" is taken: names of products are unique over the whole cloud. Choose another one.`,
          },
        });
      },
    );

    it('gives a name to one of many who ask at once', async () => {
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          call('POST', '/v1/user/products', { product: GREENHOUSE }, at % 2 ? ann : bob),
        ),
      );
      expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
    });

    it('numbers the slugs of names that look alike, also at once', async () => {
      const like = ['Green house', 'Green-house', 'Green_house', 'Green.house', 'GREEN/house'];
      const made = await Promise.all(like.map((name) => create({ ...GREENHOUSE, name })));
      expect(made.map(({ slug }) => slug).toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => `green-house-v${n}`));
      expect(await create({ ...GREENHOUSE, name: '温室' })).toMatchObject({ slug: 'product-v1' });
    });

    it.each([
      ['blanks', { name: '   ' }],
      ['nothing', { name: '' }],
      ['101 characters', { name: 'x'.repeat(101) }],
      ['10,000 characters', { name: 'x'.repeat(10_000) }],
      ['a NUL', { name: 'a\0b' }],
      ['half a surrogate pair', { name: 'a\ud800' }],
      ['a long description', { description: 'x'.repeat(1001) }],
      ['a NUL in the description', { description: 'a\0b' }],
      ['another type', { name: 7 }],
      ['no platform', { platform_id: undefined }],
      ['a platform that is no number', { platform_id: 'boron' }],
      ['a fraction', { platform_id: 13.5 }],
      ['settings of another type', { settings: 'on' }],
      ['a setting of another type', { settings: { location: true } }],
      ['a setting that is no truth', { settings: { quarantine: 'perhaps' } }],
      ['an unknown policy', { settings: { unknown_devices: 'ignore' } }],
      ['settings that contradict', { settings: { quarantine: true, unknown_devices: 'approve' } }],
    ])('refuses %s', async (_what, wrong) => {
      const reply = await call('POST', '/v1/user/products', { product: { ...GREENHOUSE, ...wrong } });
      expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect(await names('/v1/products')).toEqual([]);
    });

    it.each([[null], [[]], ['x'], [{}]])('refuses %j as the product', async (product) => {
      expect(await call('POST', '/v1/user/products', { product })).toMatchObject({ status: 400 });
    });

    it('takes 100 characters, counted as people do', async () => {
      expect(await create({ ...GREENHOUSE, name: '🌱'.repeat(100) })).toMatchObject({ name: '🌱'.repeat(100) });
    });

    it('says where the platforms are when it does not know one', async () => {
      expect(await call('POST', '/v1/user/products', { product: { ...GREENHOUSE, platform_id: 7 } })).toEqual({
        status: 400,
        body: {
          error: 'unknown_platform',
          error_description: 'There is no platform 7: GET /v1/platforms lists the platforms and their ids',
        },
      });
    });

    it('says so when the ids are used up', async () => {
      const last = await create();
      await store.db.updateTable('products').set({ id: 65_535 }).where('id', '=', last.id).execute();
      const texts = { name: 'x', name_key: 'x', slug: 'x-v1', description: '', settings: '{}' };
      const row = { ...texts, platform_id: 13, owner_kind: 'user' as const, owner_id: ann.id };
      // A row with the highest number moves the counter of SQLite; PostgreSQL's is moved by hand.
      await store.db
        .insertInto('products')
        .values({ id: 65_536, ...row, created_at: 1, updated_at: 1 })
        .execute();
      await store.db.deleteFrom('products').where('id', '=', 65_536).execute();
      if (store.engine === 'postgres') {
        const { sql } = await import('kysely');
        await sql`alter table products alter column id restart with 65536`.execute(store.db);
      }
      expect(await call('POST', '/v1/user/products', { product: { ...GREENHOUSE, name: 'One more' } })).toMatchObject({
        status: 409,
        body: { error: 'product_ids_used_up' },
      });
      expect(await names('/v1/products')).toEqual(['Greenhouse']);
    });

    it('is for accounts only', async () => {
      const { id } = await create();
      const tokens = [await tokenOf({ kind: 'product', id: String(id) }), await customer(id)];
      for (const token of tokens) {
        expect(await call('POST', '/v1/user/products', { product: GREENHOUSE }, token)).toMatchObject({ status: 403 });
      }
    });
  });

  describe("an organization's product", () => {
    it('belongs to the organization', async () => {
      const { id, slug } = await createOrganization('Acme');
      const product = await create(GREENHOUSE, ann, `/v1/orgs/${slug}/products`);
      expect(product).toMatchObject({ user: null, org: 'acme', organization_id: id });
      expect(await names(`/v1/orgs/${id}/products`)).toEqual(['Greenhouse']);
    });

    it.each([
      ['Administrator', 201],
      ['Developer', 201],
      ['Support', 403],
      ['View-only', 403],
    ])('is made by %s: %i', async (role, status) => {
      const { id } = await createOrganization('Acme');
      await join('organization', id, bob, role);
      expect(await call('POST', `/v1/orgs/${id}/products`, { product: GREENHOUSE }, bob)).toMatchObject({ status });
      expect(await names(`/v1/orgs/${id}/products`, bob)).toEqual(status === 201 ? ['Greenhouse'] : []);
    });

    it('is not for strangers, who learn nothing', async () => {
      const { id } = await createOrganization('Acme');
      for (const place of [id, 'acme', 'ab'.repeat(12), 'nowhere', '%00', '%25']) {
        expect(await call('POST', `/v1/orgs/${place}/products`, { product: GREENHOUSE }, bob)).toEqual({
          status: 403,
          body: DENIED,
        });
        expect(await names(`/v1/orgs/${place}/products`, bob)).toEqual({ status: 403, body: DENIED });
      }
    });
  });

  describe('lists', () => {
    it("tell one's own from those of organizations", async () => {
      const { id } = await createOrganization('Acme', bob);
      await create({ ...GREENHOUSE, name: 'mine' });
      const team = await create({ ...GREENHOUSE, name: 'of a team' }, bob);
      const invited = await create({ ...GREENHOUSE, name: 'invited to' }, bob);
      await create({ ...GREENHOUSE, name: 'foreign' }, bob);
      await create({ ...GREENHOUSE, name: 'of Acme' }, bob, `/v1/orgs/${id}/products`);
      await join('product', team.id, ann, 'View-only');
      await join('product', invited.id, ann, 'View-only', 'invited');
      expect(await names('/v1/user/products')).toEqual(['mine', 'of a team']);
      expect(await names('/v1/products')).toEqual(['mine', 'of a team']);
      await join('organization', id, ann, 'Support');
      expect(await names('/v1/user/products')).toEqual(['mine', 'of a team']);
      expect(await names('/v1/products')).toEqual(['mine', 'of a team', 'of Acme']);
      expect(await names('/v1/products', bob)).toEqual(['of a team', 'invited to', 'foreign', 'of Acme']);
    });

    it('show programs their own', async () => {
      const { id } = await createOrganization('Acme');
      const mine = await create({ ...GREENHOUSE, name: 'mine' });
      const acme = await create({ ...GREENHOUSE, name: 'of Acme' }, ann, `/v1/orgs/${id}/products`);
      expect(await names('/v1/products', await tokenOf({ kind: 'product', id: String(mine.id) }))).toEqual(['mine']);
      expect(
        await names('/v1/products', await tokenOf({ kind: 'product', id: String(mine.id) }, 'devices:list')),
      ).toEqual({ status: 403, body: DENIED });
      const robot = await apiUser('organization', id, ['products:list']);
      expect(await names('/v1/products', robot)).toEqual(['of Acme']);
      await store.db
        .updateTable('api_users')
        .set({ team_kind: 'product', team_id: String(acme.id) })
        .execute();
      expect(await names('/v1/products', await tokenOf({ kind: 'api_user', id: 'ef'.repeat(12) }))).toEqual([
        'of Acme',
      ]);
      await store.db.updateTable('api_users').set({ scopes: '["devices:list"]' }).execute();
      expect(await names('/v1/products', await tokenOf({ kind: 'api_user', id: 'ef'.repeat(12) }))).toEqual({
        status: 400,
        body: { error: 'unauthorized', error_description: 'API users are not allowed to call this endpoint' },
      });
      expect(await names('/v1/products', await customer(mine.id))).toEqual({ status: 403, body: DENIED });
    });

    it('name the groups in their order', async () => {
      const { id } = await create();
      const row = { product_id: id, description: '', color: '#34495e', created_at: 1 };
      await store.db
        .insertInto('device_groups')
        .values([
          { ...row, name: 'north' },
          { ...row, name: 'beta' },
        ])
        .execute();
      expect((await call('GET', `/v1/products/${id}`)).body).toMatchObject({ product: { groups: ['beta', 'north'] } });
    });
  });

  describe('one product', () => {
    it('is found by id and by slug in any case', async () => {
      const { id } = await create();
      for (const selector of [id, 'greenhouse-v1', 'GREENHOUSE-V1']) {
        expect(await call('GET', `/v1/products/${selector}`)).toMatchObject({ status: 200, body: { product: { id } } });
      }
    });

    it('looks the same to strangers whether it is there or not', async () => {
      const { id } = await create();
      for (const selector of [id, 'greenhouse-v1', 1001, 'x', '%00', '-1', '1e3', '9'.repeat(30), 'x'.repeat(300)]) {
        for (const [method, path] of [
          ['GET', ''],
          ['PUT', ''],
          ['DELETE', ''],
          ['PUT', '/owner'],
        ] as const) {
          const body = path === '' ? { name: 'x' } : { organization: 'acme' };
          const reply = await call(method, `/v1/products/${selector}${path}`, method === 'GET' ? undefined : body, bob);
          expect([selector, reply.status === 414 ? 403 : reply.status]).toEqual([selector, 403]);
          if (reply.status !== 414) expect(reply.body).toEqual(DENIED);
        }
      }
    });

    it('cannot be seen by a customer', async () => {
      const { id } = await create();
      expect(await call('GET', `/v1/products/${id}`, undefined, await customer(id))).toEqual({
        status: 403,
        body: DENIED,
      });
    });
  });

  describe('changing a product', () => {
    it('keeps what is left out, and the slug', async () => {
      const { id } = await create();
      const settings = { location: { opt_in: true } };
      expect(await call('PUT', `/v1/products/${id}`, { product: { name: ' Glass house ', settings } })).toMatchObject({
        status: 200,
        body: {
          product: {
            name: 'Glass house',
            slug: 'greenhouse-v1',
            description: 'Valve controllers',
            settings: {
              location: { opt_in: true },
              known_application: { opt_in: false },
              quarantine: true,
              unknown_devices: 'quarantine',
            },
          },
        },
      });
      await create({ ...GREENHOUSE, name: 'Greenhouse' }, bob);
    });

    it.each([
      [{ quarantine: false }, 'approve'],
      [{ quarantine: 'false' }, 'approve'],
      [{ unknown_devices: 'refuse' }, 'refuse'],
      [{ unknown_devices: 'refuse', quarantine: false }, 'refuse'],
      [{ quarantine: true }, 'quarantine'],
      [{}, 'quarantine'],
    ])('takes %j for %s', async (settings, unknown) => {
      const { id } = await create();
      const reply = await call('PUT', `/v1/products/${id}`, { settings });
      expect(reply.body).toMatchObject({
        product: { settings: { unknown_devices: unknown, quarantine: unknown === 'quarantine' } },
      });
    });

    it('takes back what it gave', async () => {
      const { id } = await create();
      await call('PUT', `/v1/products/${id}`, { settings: { unknown_devices: 'refuse' } });
      const { body } = await call('GET', `/v1/products/${id}`);
      expect(await call('PUT', `/v1/products/${id}`, body)).toEqual({ status: 200, body });
    });

    it('refuses a name that another has, but not a new spelling of its own', async () => {
      const { id } = await create();
      await create({ ...GREENHOUSE, name: 'Glass house' }, bob);
      expect(await call('PUT', `/v1/products/${id}`, { name: 'glass  HOUSE' })).toMatchObject({
        status: 409,
        body: { error: 'product_name_taken' },
      });
      expect(await call('PUT', `/v1/products/${id}`, { name: 'GREENHOUSE' })).toMatchObject({ status: 200 });
    });

    it('gives a name to one of two who ask at once', async () => {
      const one = await create();
      const two = await create({ ...GREENHOUSE, name: 'Glass house' }, bob);
      const replies = await Promise.all([
        call('PUT', `/v1/products/${one.id}`, { name: 'Orangery' }),
        call('PUT', `/v1/products/${two.id}`, { name: 'orangery' }, bob),
      ]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    });

    it('loses no setting when two change at once', async () => {
      const { id } = await create();
      await Promise.all([
        call('PUT', `/v1/products/${id}`, { settings: { location: { opt_in: true } } }),
        call('PUT', `/v1/products/${id}`, { settings: { known_application: { opt_in: true } } }),
        call('PUT', `/v1/products/${id}`, { settings: { quarantine: false } }),
      ]);
      expect((await call('GET', `/v1/products/${id}`)).body).toMatchObject({
        product: {
          settings: { location: { opt_in: true }, known_application: { opt_in: true }, unknown_devices: 'approve' },
        },
      });
    });

    it('keeps the platform', async () => {
      const { id } = await create();
      expect(await call('PUT', `/v1/products/${id}`, { platform_id: 13, description: 'x' })).toMatchObject({
        status: 200,
      });
      expect(await call('PUT', `/v1/products/${id}`, { platform_id: 12 })).toMatchObject({
        status: 400,
        body: { error: 'platform_fixed' },
      });
    });

    it.each([
      ['Administrator', 200],
      ['Developer', 403],
      ['Support', 403],
      ['View-only', 403],
    ])('is for the role %s: %i', async (role, status) => {
      const { id } = await create();
      await join('product', id, bob, role);
      expect(await call('PUT', `/v1/products/${id}`, { description: 'x' }, bob)).toMatchObject({ status });
    });
  });

  describe('deleting a product', () => {
    const fill = async (id: number) => {
      await join('product', id, bob, 'Administrator');
      const robot = await apiUser('product', id, ['products:get']);
      const token = await tokenOf({ kind: 'product', id: String(id) });
      await store.db
        .insertInto('oauth_clients')
        .values({
          id: 'garden-1234',
          user_id: null,
          product_id: id,
          name: 'garden',
          type: 'web',
          secret_hash: 'x',
          redirect_uri: null,
          scope: null,
          created_at: 1,
        })
        .execute();
      return { robot, token };
    };

    it('ends its team, its clients and its tokens, and frees the name but not the number', async () => {
      const { id } = await create();
      const { robot, token } = await fill(id);
      for (const caller of [robot, token, bob]) {
        expect(await call('GET', `/v1/products/${id}`, undefined, caller)).toMatchObject({ status: 200 });
      }
      expect(await call('DELETE', `/v1/products/${id}`)).toEqual({ status: 204, body: undefined });
      for (const caller of [robot, token]) {
        expect(await call('GET', `/v1/products/${id}`, undefined, caller)).toMatchObject({ status: 401 });
      }
      for (const caller of [ann, bob]) {
        expect(await call('GET', `/v1/products/${id}`, undefined, caller)).toEqual({ status: 403, body: DENIED });
      }
      const left = await Promise.all(
        (['team_members', 'api_users', 'oauth_clients'] as const).map((table) =>
          store.db.selectFrom(table).selectAll().execute(),
        ),
      );
      expect(left).toEqual([[], [], []]);
      expect(changes.at(-1)).toEqual({ productId: id, what: 'removed' });
      expect(await create()).toMatchObject({ id: id + 1, slug: 'greenhouse-v1' });
    });

    it('leaves everything else alone', async () => {
      const { id } = await create();
      const other = await create({ ...GREENHOUSE, name: 'other' });
      const { token } = await fill(other.id);
      await call('DELETE', `/v1/products/${id}`);
      for (const caller of [token, bob]) {
        expect(await call('GET', `/v1/products/${other.id}`, undefined, caller)).toMatchObject({ status: 200 });
      }
    });

    it('happens once of two at once', async () => {
      const { id } = await create();
      const replies = await Promise.all([call('DELETE', `/v1/products/${id}`), call('DELETE', `/v1/products/${id}`)]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 403]);
    });

    it('is for the owner only', async () => {
      const { id } = await create();
      await join('product', id, bob, 'Administrator');
      expect(await call('DELETE', `/v1/products/${id}`, undefined, bob)).toEqual({
        status: 403,
        body: {
          error: 'permission_denied',
          error_description: 'Permission denied: Administrator does not include products:remove',
        },
      });
      const token = await tokenOf({ kind: 'product', id: String(id) });
      expect(await call('DELETE', `/v1/products/${id}`, undefined, token)).toEqual({ status: 403, body: DENIED });
    });
  });

  describe('giving a product away', () => {
    it('to an organization keeps the team', async () => {
      const { id } = await create();
      const acme = await createOrganization('Acme');
      await join('product', id, bob, 'Support');
      expect(await call('PUT', `/v1/products/${id}/owner`, { organization: 'acme' })).toMatchObject({
        status: 200,
        body: { product: { id, user: null, org: 'acme', organization_id: acme.id, slug: 'greenhouse-v1' } },
      });
      expect(await names('/v1/user/products')).toEqual([]);
      expect(await names('/v1/orgs/acme/products')).toEqual(['Greenhouse']);
      expect(await names('/v1/user/products', bob)).toEqual(['Greenhouse']);
      expect(changes.at(-1)).toEqual({ productId: id, what: 'moved' });
    });

    it('is refused where the caller may make no products, as if there were no such organization', async () => {
      const { id } = await create();
      await createOrganization('Acme', bob);
      for (const organization of ['acme', 'nowhere']) {
        expect(await call('PUT', `/v1/products/${id}/owner`, { organization })).toEqual({ status: 403, body: DENIED });
      }
      const own = await createOrganization('Widgets', bob);
      await join('organization', own.id, ann, 'Support');
      expect(await call('PUT', `/v1/products/${id}/owner`, { organization: own.id })).toMatchObject({
        status: 403,
        body: { error_description: 'Permission denied: Support does not include products:create' },
      });
      expect(await names('/v1/user/products')).toEqual(['Greenhouse']);
    });

    it('goes to one of two organizations that are named at once', async () => {
      const { id } = await create();
      await createOrganization('Acme');
      await createOrganization('Widgets');
      const replies = await Promise.all(
        ['acme', 'widgets'].map((organization) => call('PUT', `/v1/products/${id}/owner`, { organization })),
      );
      const won = replies.filter(({ status }) => status === 200);
      expect(won.length).toBeGreaterThanOrEqual(1);
      for (const { status } of replies) expect([200, 409]).toContain(status);
    });

    it.each([[{}], [{ organization: 'acme', user: 'bob@example.net' }], [{ organization: 7 }]])(
      'refuses %j',
      async (body) => {
        const { id } = await create();
        expect(await call('PUT', `/v1/products/${id}/owner`, body)).toMatchObject({ status: 400 });
      },
    );

    it('to an account is for operators', async () => {
      const { id } = await create();
      expect(await call('PUT', `/v1/products/${id}/owner`, { user: 'bob@example.net' })).toMatchObject({
        status: 403,
        body: { error: 'operator_only' },
      });
      const url = `/v1/operator/products/${id}/transfer`;
      expect(await call('POST', url, { owner: 'bob@example.net' })).toMatchObject({ status: 403 });
      await join('product', id, bob, 'Support');
      expect(await call('POST', url, { owner: ' BOB@example.net' }, operator)).toMatchObject({
        status: 200,
        body: { product: { user: bob.id } },
      });
      expect(await names('/v1/user/products', bob)).toEqual(['Greenhouse']);
      expect(await call('GET', `/v1/products/${id}`)).toEqual({ status: 403, body: DENIED });
      expect(await store.db.selectFrom('team_members').selectAll().execute()).toEqual([]);
    });

    it('tells an operator what is missing', async () => {
      const { id } = await create();
      expect(
        await call('POST', `/v1/operator/products/${id}/transfer`, { owner: 'nobody@example.net' }, operator),
      ).toEqual({
        status: 404,
        body: { error: 'user_not_found', error_description: 'There is no account with that e-mail address' },
      });
      expect(await call('POST', '/v1/operator/products/9999/transfer', { owner: 'bob@example.net' }, operator)).toEqual(
        { status: 404, body: { error: 'product_not_found', error_description: 'There is no such product' } },
      );
    });
  });

  it('lists the platforms to anybody', async () => {
    const reply = await test.fastify.inject('/v1/platforms');
    expect(reply.statusCode).toBe(200);
    expect(reply.json().platforms).toContainEqual({
      id: 26,
      name: 'tracker',
      display_name: 'Tracker SoM / Tracker One',
      device_types: ['Tracker SoM', 'Tracker One'],
      generation: 3,
      wireless: ['cellular'],
      transport: 'udp',
    });
  });
});
