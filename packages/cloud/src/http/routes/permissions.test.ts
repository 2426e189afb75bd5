import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addTenant, type Caller, type Tenant } from '../../../test/http/tenants.ts';
import { scopesOfRole } from '../../domain/authorization/index.ts';
import { type TestServer, testServer } from '../test-server.ts';
import { permissionRouteModule } from './permissions.ts';

describeStores('permission routes', (open) => {
  let server: TestServer;
  let mine: Tenant;
  let other: Tenant;

  beforeEach(async () => {
    const clock = new VirtualClock();
    server = await testServer(await open({ clock }), { clock, routes: () => [permissionRouteModule()] });
    mine = await addTenant(server, 'mine', 1);
    other = await addTenant(server, 'other', 2);
  });
  afterEach(() => server.fastify.close());

  const ask = async (url: string, { headers }: Pick<Caller, 'headers'>) => {
    const reply = await server.fastify.inject({ method: 'GET', url, headers });
    const body: { role?: string | null; scopes?: string[] } = reply.json();
    return { status: reply.statusCode, role: body.role, scopes: body.scopes?.toSorted() };
  };
  const places = () => [`/v1/products/${mine.productId}/permissions`, `/v1/orgs/${mine.organizationId}/permissions`];

  it('say what each role may do', async () => {
    for (const url of places()) {
      for (const role of ['Owner', 'Administrator', 'Developer', 'Support', 'View-only'] as const) {
        const scopes = [...scopesOfRole[role]].toSorted();
        expect(await ask(url, mine.member(role))).toEqual({ status: 200, role, scopes });
      }
    }
  });

  it('say the stronger of two roles in a product, and nothing of the organization to who is only in its product', async () => {
    const [product = '', organization = ''] = places();
    expect(await ask(product, mine.productDeveloper)).toMatchObject({ status: 200, role: 'Developer' });
    expect(await ask(organization, mine.productDeveloper)).toMatchObject({ status: 403 });
    const supporter = { team_kind: 'product', team_id: String(mine.productId), role: 'Support' } as const;
    const { user_id } = await server.ambient.store.db
      .selectFrom('team_members')
      .select('user_id')
      .where('team_kind', '=', 'organization')
      .where('team_id', '=', mine.organizationId)
      .where('role', '=', 'View-only')
      .executeTakeFirstOrThrow();
    const times = { state: 'accepted', invited_by: null, created_at: 1, accepted_at: 1 } as const;
    await server.ambient.store.db
      .insertInto('team_members')
      .values({ ...supporter, ...times, user_id })
      .execute();
    expect(await ask(product, mine.member('View-only'))).toMatchObject({ status: 200, role: 'Support' });
    expect(await ask(organization, mine.member('View-only'))).toMatchObject({ status: 200, role: 'View-only' });
  });

  it('say the scopes of programs, which have no role', async () => {
    const [product = '', organization = ''] = places();
    const scopes = ['devices:list', 'organization:get', 'products:get'] as const;
    const robot = await mine.apiUser(scopes);
    for (const url of places()) expect(await ask(url, robot)).toEqual({ status: 200, role: null, scopes: [...scopes] });
    const all = [...scopesOfRole.Administrator].toSorted();
    expect(await ask(product, mine.productToken)).toEqual({ status: 200, role: null, scopes: all });
    expect(await ask(organization, mine.productToken)).toMatchObject({ status: 403 });
    expect(await ask(product, await mine.apiUser(['devices:list']))).toMatchObject({ status: 400 });
  });

  it('are a secret to everybody else', async () => {
    for (const url of places()) {
      for (const stranger of [other.owner, other.productToken, mine.customer]) {
        expect(await ask(url, stranger)).toMatchObject({ status: 403 });
      }
    }
  });
});
