import { readFile, writeFile } from 'node:fs/promises';
import { type Access, type Route, routes, type Scope } from '@cloudchamber/contract';
import { seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EveryRoute, everyRoute } from '../../test/http/every-route.ts';
import { addTenant, type Caller, type Tenant } from '../../test/http/tenants.ts';
import { issueToken, revokePresentedToken } from '../domain/accounts/index.ts';
import { type Role, scopesOfRole } from '../domain/authorization/index.ts';
import { DomainError } from '../domain/domain-error.ts';
import type * as Door from './route-door.ts';

const DOCUMENT = new URL('../../../../docs/authorization.md', import.meta.url);

/** Whoever comes through the door stops there: every route can be tried by everybody, and nothing happens. */
vi.mock('./route-door.ts', async (importOriginal) => {
  const door = await importOriginal<typeof Door>();
  return {
    ...door,
    contextFor: async (...given: Parameters<typeof Door.contextFor>) => {
      await door.contextFor(...given);
      throw new DomainError('precondition_failed', 'test.entered', 'came in');
    },
  };
});

/** The columns of the table. */
const CALLERS = [
  'nobody',
  'expired token',
  'revoked token',
  'other tenant',
  'customer',
  'customer of another product',
  'View-only',
  'Support',
  'Developer',
  'Developer of the product only',
  'Administrator',
  'Owner',
  'API user with the scope',
  'API user without it',
  'product token',
  'product token of another product',
  'operator',
] as const;
type CallerName = (typeof CALLERS)[number];

const ACCOUNTS: readonly CallerName[] = [
  'other tenant',
  'View-only',
  'Support',
  'Developer',
  'Developer of the product only',
  'Administrator',
  'Owner',
  'operator',
];
const CUSTOMERS: readonly CallerName[] = ['customer', 'customer of another product'];
const LIVE: readonly CallerName[] = CALLERS.slice(3);
const ROLES: readonly Role[] = ['View-only', 'Support', 'Developer', 'Administrator', 'Owner'];

/** What must be, said once more and apart from the code that decides it. */
function mayCall(route: Route, caller: CallerName): boolean {
  const byAccess: Record<Exclude<Access, 'product' | 'organization'>, readonly CallerName[]> = {
    public: CALLERS,
    basic: ACCOUNTS,
    token: LIVE,
    user: ACCOUNTS,
    owner: [...ACCOUNTS, ...CUSTOMERS],
    operator: ['operator'],
  };
  if (route.access !== 'product' && route.access !== 'organization') return byAccess[route.access].includes(caller);
  const scope = route.scope as Scope;
  if (caller === 'API user with the scope') return true;
  if (caller === 'product token') return route.access === 'product' && scopesOfRole.Administrator.has(scope);
  if (caller === 'Developer of the product only')
    return route.access === 'product' && scopesOfRole.Developer.has(scope);
  const role = ROLES.find((name) => name === caller);
  return role !== undefined && scopesOfRole[role].has(scope);
}

describeStores('who may call which route', (open) => {
  let world: EveryRoute;
  let mine: Tenant;
  let callers: Map<CallerName, Caller>;
  beforeAll(async () => {
    const clock = new VirtualClock();
    world = await everyRoute({ store: await open({ clock }), clock });
    const { server } = world;
    mine = await addTenant(server, 'mine', 1);
    const other = await addTenant(server, 'other', 2);
    const operator = await server.addUser('operator@cloud.example', { operator: true });
    const eve = await server.addUser('eve@other.example');
    const expired = await tokenOf(server, mine.owner.userId, 1);
    clock.advance(seconds(2));
    const gone = await server.addUser('gone@mine.example');
    await revokePresentedToken(server.ambient, server.services, gone.token);
    callers = new Map<CallerName, Caller>([
      ['nobody', { name: 'nobody', headers: {} }],
      ['expired token', { name: 'expired', headers: expired }],
      ['revoked token', { name: 'revoked', headers: gone.headers }],
      ['other tenant', { name: 'eve', headers: eve.headers }],
      ['customer', mine.customer],
      ['customer of another product', other.customer],
      ['View-only', mine.member('View-only')],
      ['Support', mine.member('Support')],
      ['Developer', mine.member('Developer')],
      ['Developer of the product only', mine.productDeveloper],
      ['Administrator', mine.member('Administrator')],
      ['Owner', mine.owner],
      ['API user without it', await mine.apiUser([])],
      ['product token', mine.productToken],
      ['product token of another product', other.productToken],
      ['operator', { name: 'operator', headers: operator.headers }],
    ]);
  });
  afterAll(() => world?.server.fastify.close());

  const seen = new Map<string, Set<CallerName>>();

  describe.each(routes.map((route) => [route.operation, route] as const))('%s', (operation, route) => {
    it('lets in whom it should, and nobody else', async () => {
      const entered = new Set<CallerName>();
      const should = CALLERS.filter((caller) => mayCall(route, caller));
      for (const name of CALLERS) {
        const caller =
          name === 'API user with the scope'
            ? await mine.apiUser(route.scope === undefined ? [] : [route.scope])
            : callers.get(name);
        const reply = await world.server.fastify.inject({
          method: route.method,
          url: pathOf(route, mine),
          headers: caller?.headers ?? {},
          ...(route.example?.body !== undefined && { payload: route.example.body as object }),
        });
        const body = reply.json() as { error?: string; errors?: unknown };
        if (reply.statusCode === 412 && body.error === 'test.entered') entered.add(name);
        else expect([name, reply.statusCode, JSON.stringify(body)]).toEqual([name, ...refusalOf(name, reply, body)]);
      }
      seen.set(operation, entered);
      expect([...entered]).toEqual(should);
    });
  });

  it('is written down in docs/authorization.md', async () => {
    const text = documentOf(seen);
    if (process.env.CI === undefined) await writeFile(DOCUMENT, text);
    expect(await readFile(DOCUMENT, 'utf8')).toBe(text);
  });
});

/** A refusal at the door is one of these and nothing else; an answer of the parser would hide who may come in. */
function refusalOf(name: CallerName, reply: { statusCode: number }, body: object): readonly [number, string] {
  const text = JSON.stringify(body);
  const known =
    (reply.statusCode === 400 && /The access token was not found|API users are not allowed to call/.test(text)) ||
    (reply.statusCode === 401 && /"invalid_token"/.test(text)) ||
    (reply.statusCode === 403 && /[Pp]ermission [Dd]enied|operator_only/.test(text));
  return known ? [reply.statusCode, text] : [403, `a refusal at the door for ${name}`];
}

async function tokenOf(server: EveryRoute['server'], userId: string, lifetimeSeconds: number) {
  const request = { subject: { kind: 'user' as const, id: userId }, clientId: 'particle', lifetimeSeconds };
  const { accessToken } = await issueToken(server.ambient, server.ambient.store.db, { ...request, withRefresh: false });
  return { authorization: `Bearer ${accessToken}` };
}

function pathOf(route: Route, tenant: Tenant): string {
  const values: Readonly<Record<string, string>> = {
    productIdOrSlug: String(tenant.productId),
    orgIdOrSlug: tenant.organizationId,
    deviceId: tenant.deviceId,
    teamKind: 'product',
  };
  // What a search cannot do without.
  const query = route.tag === 'search' ? '?text=x' : '';
  return route.path.replace(/:([A-Za-z]+)|\*/g, (_all, name: string | undefined) => values[name ?? ''] ?? 'x') + query;
}

function documentOf(seen: ReadonlyMap<string, ReadonlySet<CallerName>>): string {
  const lines = routes
    .map((route) => {
      const entered = seen.get(route.operation);
      const cells = CALLERS.map((caller) => (entered?.has(caller) ? 'yes' : '–'));
      const path = route.path.replaceAll('|', '\\|').replaceAll('*', '\\*');
      return `| ${route.method} ${path} | ${route.scope ?? route.access} | ${cells.join(' | ')} |`;
    })
    .toSorted();
  return `# Who may call which route

Written by \`packages/cloud/src/http/authorization.test.ts\`, which calls every route as every kind of caller; CI fails when it differs. "yes" means let in at the door.
Behind it every query is scoped to the caller: a device, token, client or customer of somebody else answers as one that does not exist.

The roles are those of an organization that owns the product; "Developer of the product only" is a member of the product's own team. Routes without a token answer everybody, and
some ask for other proof in the request: log-in, mail links, claim of a client's secret.

| Route | Permission | ${CALLERS.join(' | ')} |
|---|---|${CALLERS.map(() => '---|').join('')}
${lines.join('\n')}
`;
}
