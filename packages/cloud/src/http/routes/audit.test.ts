import { defineRoute, oauthRoutes } from '@cloudchamber/contract';
import { describeStores } from '@cloudchamber/testkit';
import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordEntry } from '../../domain/audit/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { type TestUser, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { auditRouteModule } from './audit.ts';
import { teamRouteModule } from './teams.ts';

const ACME = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const place = (name: string) => ({ name, slug: name.toLowerCase(), created_at: 1, updated_at: 1 });

/** A route whose request is logged like any other, and one that fails after its handler began. */
const failing: RouteModule = (app) => {
  registerRoute(app, { ...oauthRoutes.deleteAllTokens, path: '/v1/fails' }, () => {
    throw new Error('broken');
  });
};

/** A route that sends its reply itself, as pages do. */
const sending: RouteModule = (app) => {
  registerRoute(app, { ...oauthRoutes.deleteAllTokens, path: '/v1/sends' }, ({ reply }) => reply.code(303).send());
};

/** Routes that the door puts into no product. */
const placeless: RouteModule = (app) => {
  const route = { tag: 'test', method: 'POST', summary: 'For the test' } as const;
  const body = z.object({ product: z.object({ id: z.int() }) });
  registerRoute(
    app,
    defineRoute({ ...route, operation: 'makeProduct', path: '/v1/made', access: 'user', responses: { 200: body } }),
    () => ({ product: { id: 1042 } }),
  );
  registerRoute(
    app,
    defineRoute({
      ...route,
      operation: 'ownDoor',
      path: '/v1/:productIdOrSlug/own-door',
      access: 'public',
      params: z.object({ productIdOrSlug: z.string() }),
      responses: { 200: body.partial() },
    }),
    () => ({}),
  );
};

describeStores('the audit log', (open) => {
  async function setUp() {
    const store = await open();
    const server = await testServer(store, {
      routes: (_ambient, accounts) => [
        accountRouteModule(accounts),
        auditRouteModule(),
        teamRouteModule({ accounts }),
        failing,
        sending,
        placeless,
      ],
    });
    const ann = await server.addUser('ann@example.net');
    const bob = await server.addUser('bob@example.net');
    const op = await server.addUser('op@example.net', { operator: true });
    await store.db
      .insertInto('organizations')
      .values({ ...place('Acme'), id: ACME, owner_id: ann.id })
      .execute();
    const product = { description: '', platform_id: 32, settings: '{}' };
    await store.db
      .insertInto('products')
      .values([
        { ...place('Greenhouse'), ...product, name_key: 'g', id: 1042, owner_kind: 'user', owner_id: ann.id },
        { ...place('Barn'), ...product, name_key: 'b', id: 1043, owner_kind: 'organization', owner_id: ACME },
      ])
      .execute();
    const ask = async (who: Pick<TestUser, 'headers'> | undefined, request: InjectOptions) => {
      const reply = await server.fastify.inject({ ...request, ...(who && { headers: who.headers }) });
      return [reply.statusCode, reply.json(), reply.headers['x-request-id']] as const;
    };
    const entries = async (who: Pick<TestUser, 'headers'>, url: string) => (await ask(who, { url }))[1].entries;
    const invite = (to: string, who: Pick<TestUser, 'headers'> = ann) =>
      ask(who, { method: 'POST', url: `/v1/${to}/team`, payload: { username: 'bob@example.net', role: 'Developer' } });
    const logIn = (password: string, username = 'ann@example.net', client = 'particle') =>
      ask(undefined, {
        method: 'POST',
        url: '/oauth/token',
        payload: { grant_type: 'password', client_id: client, client_secret: client, username, password },
      });
    return { store, server, ann, bob, op, ask, entries, invite, logIn };
  }

  describe('an entry', () => {
    it('says who did what to which place, with names of fields and no values', async () => {
      const { ann, entries, invite } = await setUp();
      const [, , requestId] = await invite('products/1042');
      expect(await entries(ann, '/v1/products/1042/audit')).toEqual([
        {
          id: expect.any(Number),
          at: expect.any(String),
          actor: { kind: 'user', id: ann.id, name: 'ann@example.net' },
          address: '127.0.0.1',
          operation: 'inviteToProductTeam',
          object: { params: { productIdOrSlug: '1042' }, fields: ['username', 'role'] },
          product_id: 1042,
          organization_id: null,
          request_id: requestId,
        },
      ]);
    });

    it('is written for what succeeded only, and not for reading', async () => {
      const { ann, bob, ask, entries, invite } = await setUp();
      await invite('products/1042', bob);
      await ask(ann, { url: '/v1/products/1042/team' });
      await ask(ann, { method: 'POST', url: '/v1/products/1042/team', payload: { role: 'King' } });
      expect((await ask(ann, { method: 'DELETE', url: '/v1/fails' }))[0]).toBe(500);
      expect(await entries(ann, '/v1/products/1042/audit')).toEqual([]);
      expect(await entries(ann, '/v1/user/audit')).toEqual([]);
    });

    it('has neither the token of the path nor that of the body', async () => {
      const { server, bob, op, ask } = await setUp();
      const payload = { access_token: bob.token, username: 'x@example.net' };
      await ask(undefined, { method: 'DELETE', url: `/v1/access_tokens/${bob.token}`, payload });
      const [, body] = await ask(op, { url: '/v1/operator/audit' });
      expect(body.entries[0]).toMatchObject({ operation: 'deleteToken', object: { params: { token: '***' } } });
      const rows = await server.ambient.store.db.selectFrom('audit_entries').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(bob.token);
    });

    it('that cannot be written does not change the reply', async () => {
      const { store, invite } = await setUp();
      await store.db.schema.dropTable('audit_entries').execute();
      expect((await invite('products/1042'))[0]).toBe(200);
    });

    it('is there when the reply arrives, also where the handler sends it', async () => {
      const { store, server, ann } = await setUp();
      for (let sent = 1; sent <= 20; sent += 1) {
        const reply = await server.fastify.inject({ method: 'DELETE', url: '/v1/sends', headers: ann.headers });
        expect(reply.statusCode).toBe(303);
        expect(await store.db.selectFrom('audit_entries').selectAll().execute()).toHaveLength(sent);
      }
    });

    it("knows the product also where the route is nobody's or has just made it", async () => {
      const { server, ann, op, entries } = await setUp();
      const send = (url: string) => server.fastify.inject({ method: 'POST', url, headers: ann.headers });
      expect([(await send('/v1/made')).statusCode, (await send('/v1/barn/own-door')).statusCode]).toEqual([200, 200]);
      expect(await entries(op, '/v1/operator/audit')).toMatchObject([
        { operation: 'ownDoor', actor: { kind: 'nobody' }, product_id: 1043, organization_id: ACME },
        { operation: 'makeProduct', actor: { id: ann.id }, product_id: 1042, organization_id: null },
      ]);
    });

    it('names API users', async () => {
      const { ann, ask, entries } = await setUp();
      const payload = {
        friendly_name: 'robot',
        scopes: ['teams.users:invite', 'teams.users:list', 'teams.users:remove'],
      };
      const [, { created }] = await ask(ann, { method: 'POST', url: `/v1/orgs/${ACME}/team`, payload });
      const robot = { headers: { authorization: `Bearer ${created.tokens[0].token}` } };
      const made = await ask(robot, {
        method: 'POST',
        url: '/v1/products/barn/team',
        payload: { friendly_name: 'second', scopes: ['teams.users:list'] },
      });
      expect(made[0]).toBe(200);
      expect((await entries(ann, '/v1/orgs/acme/audit')).slice(0, 1)).toMatchObject([
        {
          actor: { kind: 'api_user', name: created.username },
          object: { params: { productIdOrSlug: 'barn' } },
          product_id: 1043,
          organization_id: ACME,
        },
      ]);
    });
  });

  describe('log-ins', () => {
    it('are in the log of the account, good and bad ones', async () => {
      const { ann, bob, entries, logIn } = await setUp();
      expect((await logIn('wrong'))[0]).toBe(400);
      await expect.poll(async () => (await entries(ann, '/v1/user/audit')).length).toBe(1);
      expect((await logIn('correct horse'))[0]).toBe(200);
      const found = await entries(ann, '/v1/user/audit');
      expect(found).toMatchObject([
        {
          operation: 'createToken',
          actor: { kind: 'user', id: ann.id, name: 'ann@example.net' },
          address: '127.0.0.1',
        },
        { operation: 'createToken.refused', actor: { kind: 'nobody', id: null, name: null }, address: '127.0.0.1' },
      ]);
      expect(JSON.stringify(found)).not.toMatch(/wrong|correct horse/);
      expect(await entries(bob, '/v1/user/audit')).toEqual([]);
    });

    it("by a mail are the account's own doing", async () => {
      const { server, ann, ask, entries } = await setUp();
      await ask(undefined, { method: 'POST', url: '/v1/user/password-reset', payload: { username: ann.username } });
      await expect.poll(() => server.mailer.sent.length).toBe(1);
      const [, token] = /token=([0-9a-f]+)/.exec(server.mailer.sent[0]?.text ?? '') ?? [];
      const payload = { token, password: 'battery staple' };
      const reset = () => ask(undefined, { method: 'PUT', url: '/v1/user/password-reset', payload });
      await expect.poll(async () => (await reset())[0]).toBe(200);
      const login = { grant_type: 'password', client_id: 'particle', client_secret: 'particle' };
      const fields = { ...login, username: ann.username, password: payload.password };
      const [, { access_token }] = await ask(undefined, { method: 'POST', url: '/oauth/token', payload: fields });
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await entries({ headers }, '/v1/user/audit'))[1]).toMatchObject({
        operation: 'resetPassword',
        actor: { kind: 'user', id: ann.id, name: ann.username },
        object: { params: {}, fields: ['token', 'password'] },
      });
    });

    it('to no account leave nothing', async () => {
      const { ann, op, store, entries, logIn } = await setUp();
      await logIn('wrong', 'nobody@example.net');
      const client = { name: 'x', type: 'web' as const, secret_hash: 'x', created_at: 1, product_id: 1042 };
      await store.db
        .insertInto('oauth_clients')
        .values({ ...client, id: 'greenhouse-1' })
        .execute();
      await logIn('wrong', 'ann@example.net', 'greenhouse-1');
      await logIn('wrong', 'ann@example.net');
      await expect.poll(async () => (await entries(op, '/v1/operator/audit')).length).toBe(1);
      expect(await entries(ann, '/v1/user/audit')).toHaveLength(1);
    });
  });

  describe('the routes', () => {
    it('show an account what others did to it, without their address', async () => {
      const { bob, entries, invite } = await setUp();
      await invite('products/1042');
      expect(await entries(bob, '/v1/user/audit')).toMatchObject([
        { operation: 'inviteToProductTeam', actor: { name: 'ann@example.net' }, address: null },
      ]);
    });

    it('are open to administrators of the place only', async () => {
      const { ann, bob, op, ask, entries, invite } = await setUp();
      await invite(`orgs/${ACME}`);
      await ask(bob, { method: 'POST', url: `/v1/user/invitations/organization/${ACME}/accept` });
      for (const url of ['/v1/products/1043/audit', '/v1/orgs/acme/audit']) {
        expect((await ask(bob, { url }))[1]).toEqual({
          error: 'permission_denied',
          error_description: 'Permission denied: Developer does not include audit:list',
        });
        expect((await ask(op, { url }))[0]).toBe(403);
      }
      expect((await ask(bob, { url: '/v1/products/1042/audit' }))[1].error_description).toBe('Permission denied');
      expect((await ask(ann, { url: '/v1/operator/audit' }))[0]).toBe(403);
      const role = { role: 'Administrator' };
      await ask(ann, { method: 'POST', url: `/v1/orgs/acme/team/${bob.username}`, payload: role });
      await invite('products/1043');
      expect(await entries(bob, '/v1/products/1043/audit')).toHaveLength(1);
      expect(
        (await entries(bob, '/v1/orgs/acme/audit')).map((entry: { operation: string }) => entry.operation),
      ).toEqual(['inviteToProductTeam', 'changeOrganizationTeamRole', 'inviteToOrganizationTeam']);
      expect(await entries(ann, '/v1/products/1042/audit')).toEqual([]);
      expect(await entries(op, '/v1/operator/audit')).toHaveLength(4);
    });

    it('come in pages, newest first, and can be narrowed', async () => {
      const { server, ann, op, ask, entries } = await setUp();
      for (let index = 0; index < 7; index++) {
        await recordEntry(server.ambient, {
          actor: { kind: 'user', id: ann.id, name: index < 3 ? 'Ann@example.net' : 'ann@example.org' },
          subjectId: null,
          address: '192.0.2.1',
          operation: index % 2 === 0 ? 'even' : 'odd',
          object: { params: {}, fields: [] },
          productId: 1042,
          organizationId: null,
          requestId: String(index),
        });
      }
      const url = '/v1/products/1042/audit';
      const seen: string[] = [];
      let before = '';
      for (let pages = 0; pages < 3; pages++) {
        const [, body] = await ask(ann, { url: `${url}?per_page=3${before}` });
        seen.push(...body.entries.map((entry: { request_id: string }) => entry.request_id));
        before = `&before=${body.meta.next_before}`;
      }
      expect([seen, before]).toEqual([['6', '5', '4', '3', '2', '1', '0'], '&before=null']);
      expect(await entries(ann, `${url}?operation=odd`)).toHaveLength(3);
      expect(await entries(ann, `${url}?actor=ANN@example.net`)).toHaveLength(3);
      expect(await entries(op, `/v1/operator/audit?actor=${ann.id}&perPage=2`)).toHaveLength(2);
      expect(await entries(ann, `${url}?to=2000-01-01`)).toHaveLength(0);
      expect(await entries(ann, `${url}?from=2000-01-01T00:00:00Z`)).toHaveLength(7);
      for (const bad of [
        'per_page=0',
        'per_page=201',
        'before=0',
        'before=x',
        'from=x',
        'to=yesterday',
        `actor=${'a'.repeat(255)}`,
      ]) {
        expect((await ask(ann, { url: `${url}?${bad}` }))[0]).toBe(400);
      }
    });
  });
});
