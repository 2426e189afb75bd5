import { SCOPES } from '@cloudchamber/contract';
import { describeStores } from '@cloudchamber/testkit';
import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { endTeam, membershipsOf, type TeamChange, teamChanges } from '../../domain/teams/index.ts';
import type { Store } from '../../store/store.ts';
import { type TestUser, testServer } from '../test-server.ts';
import { teamRouteModule } from './teams.ts';
import { renderMembership } from './teams-body.ts';

const ADMINISTRATOR = { id: '52e4c5a30000000000000001', name: 'Administrator' };
const DEVELOPER = { id: '52e4c5a30000000000000002', name: 'Developer' };
const ACME = 'aaaaaaaaaaaaaaaaaaaaaaaa';

const placeOf = (name: string) => ({ slug: name.toLowerCase(), name, created_at: 1, updated_at: 1 });

async function addProduct(store: Store, id: number, owner: { kind: 'user' | 'organization'; id: string }) {
  const name = `Greenhouse ${id}`;
  await store.db
    .insertInto('products')
    .values({
      ...placeOf(name),
      id,
      name_key: name.toLowerCase(),
      slug: `greenhouse-${id}`,
      description: '',
      platform_id: 32,
      owner_kind: owner.kind,
      owner_id: owner.id,
      settings: '{}',
    })
    .execute();
}

describeStores('team routes', (open) => {
  async function setUp({ teamLimit = 0 } = {}) {
    const store = await open();
    const changes: TeamChange[] = [];
    const server = await testServer(store, {
      routes: (_ambient, accounts) => [teamRouteModule({ accounts, teamLimit })],
    });
    server.services.bus.subscribe(teamChanges, (change) => changes.push(change));
    const ann = await server.addUser('ann@example.net');
    const bob = await server.addUser('bob+iot@example.net');
    const eve = await server.addUser('eve@example.net');
    await addProduct(store, 1042, { kind: 'user', id: ann.id });
    await store.db
      .insertInto('organizations')
      .values({ ...placeOf('Acme'), id: ACME, owner_id: ann.id })
      .execute();
    await addProduct(store, 1043, { kind: 'organization', id: ACME });
    await addProduct(store, 1044, { kind: 'user', id: eve.id });
    const ask = async (who: Pick<TestUser, 'headers'>, request: InjectOptions) => {
      const reply = await server.fastify.inject({ ...request, headers: who.headers });
      return [reply.statusCode, reply.json()] as const;
    };
    const join = async (user: TestUser, role: string, place = 'products/1042') => {
      const kind = place.startsWith('products') ? 'product' : 'organization';
      const id = kind === 'product' ? place.slice(9) : ACME;
      const url = `/v1/${place}/team`;
      const invite = { method: 'POST', url, payload: { username: user.username, role } } as const;
      expect((await ask(ann, invite))[0]).toBe(200);
      const accept = `/v1/user/invitations/${kind}/${id}/accept`;
      expect(await ask(user, { method: 'POST', url: accept })).toEqual([200, { ok: true }]);
    };
    const makeApiUser = async (scopes: readonly string[], place = 'products/1042') => {
      const payload = { friendly_name: 'Dash board', scopes };
      const [, body] = await ask(ann, { method: 'POST', url: `/v1/${place}/team`, payload });
      const { username, tokens } = body.created;
      return { username, token: tokens[0].token, headers: { authorization: `Bearer ${tokens[0].token}` } };
    };
    return { store, server, changes, ann, bob, eve, ask, join, makeApiUser };
  }
  const url = '/v1/products/1042/team';

  describe('members', () => {
    it('has the creator alone at first', async () => {
      const { ann, ask } = await setUp();
      const owner = {
        _id: ann.id,
        username: 'ann@example.net',
        no_mfa: true,
        scim_provisioned: false,
        no_password: false,
        role: ADMINISTRATOR,
        is_owner: true,
      };
      expect(await ask(ann, { url })).toEqual([200, { ok: true, team: [owner] }]);
      expect(await ask(ann, { url: `/v1/orgs/${ACME}/team` })).toEqual([200, { ok: true, team: [owner] }]);
      expect(await ask(ann, { url: '/v1/products/1043/team' })).toEqual([200, { ok: true, team: [] }]);
    });

    it('are invited by mail, and are none before they accept', async () => {
      const { server, store, ann, bob, ask } = await setUp();
      const payload = { username: ' BOB+iot@Example.NET ', role: 'developer' };
      expect(await ask(ann, { method: 'POST', url, payload })).toEqual([
        200,
        { ok: true, invited: { username: 'bob+iot@example.net', role: DEVELOPER } },
      ]);
      expect(server.mailer.sent).toEqual([
        {
          to: 'bob+iot@example.net',
          subject: 'Invitation to the team of the product "Greenhouse 1042"',
          text: expect.stringContaining('ann@example.net invites you'),
        },
      ]);
      expect((await ask(bob, { url }))[0]).toBe(403);
      const [, { team }] = await ask(ann, { url });
      expect(team[1]).toEqual({ username: 'bob+iot@example.net', role: DEVELOPER, pending: true });
      const invitation = {
        team_kind: 'product',
        team_id: '1042',
        name: 'Greenhouse 1042',
        slug: 'greenhouse-1042',
        role: DEVELOPER,
        invited_by: 'ann@example.net',
        created_at: expect.any(String),
      };
      expect(await ask(bob, { url: '/v1/user/invitations' })).toEqual([200, { ok: true, invitations: [invitation] }]);
      expect(await membershipsOf({ store }, bob.id)).toEqual([]);
      const accept = { method: 'POST', url: '/v1/user/invitations/product/1042/accept' } as const;
      expect(await ask(bob, accept)).toEqual([200, { ok: true }]);
      expect((await ask(bob, accept))[0]).toBe(404);
      expect((await ask(bob, { url }))[1].team[1]).toMatchObject({ _id: bob.id, role: DEVELOPER });
      expect(await ask(bob, { url: '/v1/user/invitations' })).toEqual([200, { ok: true, invitations: [] }]);
      expect((await membershipsOf({ store }, bob.id)).map(renderMembership)).toEqual([
        { team_kind: 'product', team_id: '1042', name: 'Greenhouse 1042', slug: 'greenhouse-1042', role: DEVELOPER },
      ]);
    });

    it('are administrators where no role is named', async () => {
      const { ann, ask } = await setUp();
      const [, body] = await ask(ann, { method: 'POST', url, payload: { username: 'eve@example.net' } });
      expect(body.invited.role).toEqual(ADMINISTRATOR);
    });

    it('may decline, and only those who are invited may answer', async () => {
      const { ann, bob, eve, ask } = await setUp();
      await ask(ann, { method: 'POST', url, payload: { username: bob.username } });
      const answer = (who: TestUser, word: string, team = 'product/1042') =>
        ask(who, { method: 'POST', url: `/v1/user/invitations/${team}/${word}` });
      expect((await answer(eve, 'accept'))[0]).toBe(404);
      expect((await answer(bob, 'accept', 'product/1044'))[0]).toBe(404);
      expect((await answer(bob, 'accept', 'organization/1042'))[0]).toBe(404);
      expect((await answer(bob, 'accept', 'club/1042'))[0]).toBe(400);
      expect(await answer(bob, 'decline')).toEqual([200, { ok: true }]);
      expect((await answer(bob, 'accept'))[1].error).toBe('invitation_not_found');
      expect((await ask(bob, { url }))[0]).toBe(403);
    });

    it.each([
      [{ username: 'nobody@example.net' }, 404, 'user_not_found'],
      [{ username: 'bob+iot@example.net', role: 'Owner' }, 400, 'invalid_role'],
      [{ username: 'bob+iot@example.net', role: 'King' }, 400, 'invalid_role'],
      [{ username: 'bob+iot@example.net', role: 7 }, 400, 'invalid_request'],
      [{ username: 'ann@example.net' }, 409, 'already_member'],
      [{ username: '' }, 400, 'invalid_request'],
      [{ username: 'x'.repeat(255) }, 400, 'invalid_request'],
      [{}, 400, 'invalid_request'],
      [{ role: 'Developer' }, 400, 'invalid_request'],
      [{ username: 'bob+iot@example.net', friendly_name: 'x', scopes: ['devices:list'] }, 400, 'invalid_request'],
    ])('refuses the invitation %j', async (payload, status, error) => {
      const { server, ann, ask } = await setUp();
      const [code, body] = await ask(ann, { method: 'POST', url, payload });
      expect([code, body.error]).toEqual([status, error]);
      expect(server.mailer.sent).toEqual([]);
    });

    it('names the roles that there are', async () => {
      const { ann, ask } = await setUp();
      const [, body] = await ask(ann, { method: 'POST', url, payload: { username: 'x@y.z', role: 'King' } });
      expect(body.error_description).toBe('role must be one of Owner, Administrator, Developer, Support, View-only');
    });

    it('are invited once, also by two at once', async () => {
      const { server, ann, bob, ask } = await setUp();
      const invite = () => ask(ann, { method: 'POST', url, payload: { username: bob.username } });
      const codes = (await Promise.all([invite(), invite()])).map(([code]) => code);
      expect(codes.toSorted()).toEqual([200, 409]);
      expect(server.mailer.sent).toHaveLength(1);
    });

    it('are not invited when the mail cannot go out', async () => {
      const { server, ann, bob, ask } = await setUp();
      server.mailer.send = () => Promise.reject(new Error('connection refused'));
      const [code, body] = await ask(ann, { method: 'POST', url, payload: { username: bob.username } });
      expect([code, body.error]).toEqual([503, 'mail_unavailable']);
      expect((await ask(ann, { url }))[1].team).toHaveLength(1);
    });

    it('are no more than the limit, except in products of organizations', async () => {
      const { server, ann, ask } = await setUp({ teamLimit: 3 });
      const names = ['m1@example.net', 'm2@example.net', 'm3@example.net'];
      for (const name of names) await server.addUser(name);
      const invite = (username: string, to = url) => ask(ann, { method: 'POST', url: to, payload: { username } });
      const codes = (await Promise.all(names.map((name) => invite(name)))).map(([code]) => code);
      expect(codes.toSorted()).toEqual([200, 200, 409]);
      expect((await ask(ann, { url }))[1].team).toHaveLength(3);
      for (const name of names) expect((await invite(name, '/v1/products/1043/team'))[0]).toBe(200);
    });
  });

  describe('roles', () => {
    it('are changed by administrators, at once', async () => {
      const { changes, ann, bob, eve, ask, join } = await setUp();
      await join(bob, 'Administrator');
      await join(eve, 'Support');
      const change = (who: TestUser, username: string, role: string) =>
        ask(who, { method: 'POST', url: `${url}/${username}`, payload: { role } });
      expect((await change(eve, 'eve@example.net', 'Administrator'))[1]).toEqual({
        error: 'permission_denied',
        error_description: 'Permission denied: Support does not include teams.users:update',
      });
      expect(await change(bob, 'eve%40example.net', 'Administrator')).toEqual([200, { ok: true }]);
      expect(await change(ann, 'BOB+iot@example.net', 'View-only')).toEqual([200, { ok: true }]);
      expect((await change(bob, 'bob%2Biot@example.net', 'Administrator'))[0]).toBe(403);
      expect((await change(eve, 'eve@example.net', 'Owner'))[1].error).toBe('invalid_role');
      expect((await change(eve, 'ann@example.net', 'Developer'))[1].error).toBe('owner_is_fixed');
      expect((await change(eve, 'nobody@example.net', 'Developer'))[1].error).toBe('member_not_found');
      await expect
        .poll(() => changes)
        .toEqual([
          { kind: 'product', id: '1042', memberId: eve.id },
          { kind: 'product', id: '1042', memberId: bob.id },
        ]);
    });

    it('reach one product only, or those of an organization', async () => {
      const { store, bob, eve, ask, join } = await setUp();
      await join(bob, 'Developer');
      await join(eve, 'Administrator', `orgs/${ACME}`);
      expect(await membershipsOf({ store }, eve.id)).toMatchObject([
        { kind: 'organization', id: ACME, name: 'Acme', slug: 'acme', role: 'Administrator' },
      ]);
      const reach = async (who: TestUser) => {
        const places = ['products/1042', 'products/1043', 'products/1044', `orgs/${ACME}`, 'orgs/acme', 'products/9'];
        const codes = places.map(async (place) => (await ask(who, { url: `/v1/${place}/team` }))[0]);
        return Promise.all(codes);
      };
      expect(await reach(bob)).toEqual([200, 403, 403, 403, 403, 403]);
      expect(await reach(eve)).toEqual([403, 200, 200, 200, 200, 403]);
      const foreign = await ask(bob, { url: '/v1/products/1044/team' });
      expect(foreign).toEqual(await ask(bob, { url: '/v1/products/60000/team' }));
      expect(foreign).toEqual([403, { error: 'permission_denied', error_description: 'Permission denied' }]);
    });

    it('of the organization are not in the list of its product and cannot be taken there', async () => {
      const { bob, eve, ask, join } = await setUp();
      await join(eve, 'Administrator', `orgs/${ACME}`);
      await join(bob, 'Developer', 'products/1043');
      const team = '/v1/products/1043/team';
      const names = async () => (await ask(eve, { url: team }))[1].team.map((one: TestUser) => one.username);
      expect(await names()).toEqual(['bob+iot@example.net']);
      expect((await ask(eve, { method: 'DELETE', url: `${team}/eve@example.net` }))[1].error).toBe('member_not_found');
      expect(await ask(eve, { method: 'DELETE', url: `${team}/bob+iot@example.net` })).toEqual([200, { ok: true }]);
      expect(await names()).toEqual([]);
    });
  });

  describe('leaving', () => {
    it('ends everything at once', async () => {
      const { changes, ann, bob, ask, join } = await setUp();
      await join(bob, 'Developer');
      expect((await ask(bob, { url }))[0]).toBe(200);
      const remove = { method: 'DELETE', url: `${url}/bob+iot%40example.net` } as const;
      expect((await ask(bob, remove))[0]).toBe(403);
      expect(await ask(ann, remove)).toEqual([200, { ok: true }]);
      expect((await ask(bob, { url }))[0]).toBe(403);
      expect((await ask(ann, remove))[0]).toBe(404);
      await expect.poll(() => changes).toEqual([{ kind: 'product', id: '1042', memberId: bob.id }]);
    });

    it('is open to members of every role, not to the owner', async () => {
      const { ann, bob, eve, ask, join } = await setUp();
      await join(bob, 'View-only');
      await join(eve, 'Administrator');
      const leave = (who: TestUser) => ask(who, { method: 'DELETE', url: '/v1/user/memberships/product/1042' });
      expect(await leave(bob)).toEqual([200, { ok: true }]);
      expect((await leave(bob))[0]).toBe(404);
      expect((await leave(ann))[0]).toBe(404);
      expect(await ask(eve, { method: 'DELETE', url: `${url}/ann@example.net` })).toMatchObject([
        403,
        { error: 'owner_is_fixed' },
      ]);
      expect(await ask(eve, { method: 'DELETE', url: `${url}/eve@example.net` })).toEqual([200, { ok: true }]);
      expect((await ask(eve, { url }))[0]).toBe(403);
    });

    it('takes back an invitation', async () => {
      const { ann, bob, ask } = await setUp();
      await ask(ann, { method: 'POST', url, payload: { username: bob.username } });
      expect(await ask(ann, { method: 'DELETE', url: `${url}/${bob.username}` })).toEqual([200, { ok: true }]);
      const accept = { method: 'POST', url: '/v1/user/invitations/product/1042/accept' } as const;
      expect((await ask(bob, accept))[0]).toBe(404);
    });

    it('comes to everybody with the end of the place', async () => {
      const { server, store, changes, bob, ask, join, makeApiUser } = await setUp();
      await join(bob, 'Developer');
      const robot = await makeApiUser(['teams.users:list']);
      const other = await makeApiUser(['teams.users:list'], `orgs/${ACME}`);
      const team = { kind: 'product', id: '1042' } as const;
      const tell = await store.db.transaction().execute((db) => endTeam(server.services, db, team));
      tell();
      expect((await ask(bob, { url }))[0]).toBe(403);
      expect((await ask(robot, { url }))[0]).toBe(401);
      expect((await ask(other, { url: `/v1/orgs/${ACME}/team` }))[0]).toBe(200);
      await expect.poll(() => changes.map((change) => change.id)).toEqual(['1042', '1042']);
    });
  });

  describe('API users', () => {
    it('are made with a token that is shown once', async () => {
      const { ann, ask } = await setUp();
      const payload = { friendly_name: ' Däsh  Board! ', scopes: ['devices:list', 'events:get', 'devices:list'] };
      const [code, body] = await ask(ann, { method: 'POST', url, payload });
      expect([code, body]).toEqual([
        200,
        {
          ok: true,
          created: {
            username: expect.stringMatching(/^d-sh-board\+[0-9a-z]{10}@api\.127\.0\.0\.1$/),
            friendly_name: 'Däsh Board!',
            scopes: ['devices:list', 'events:get'],
            is_programmatic: true,
            tokens: [{ token: expect.stringMatching(/^[0-9a-f]{40}$/) }],
          },
        },
      ]);
      const { tokens: _, ...listed } = body.created;
      expect((await ask(ann, { url }))[1].team[1]).toEqual({ ...listed, product_id: 1042 });
    });

    it('take scopes as a form sends them', async () => {
      const { ann, server } = await setUp();
      const headers = { ...ann.headers, 'content-type': 'application/x-www-form-urlencoded' };
      const forms = ['scopes[]=devices:list&scopes[]=events:get', 'scopes=devices:list,events:get'];
      for (const form of forms) {
        const payload = `friendly_name=x&${form}`;
        const reply = await server.fastify.inject({ method: 'POST', url, headers, payload });
        expect(reply.json().created.scopes).toEqual(['devices:list', 'events:get']);
        expect(reply.headers['cache-control']).toBe('no-store');
      }
    });

    it.each([
      [{ friendly_name: 'x', scopes: [] }, 'invalid_request'],
      [{ friendly_name: 'x' }, 'invalid_request'],
      [{ scopes: ['devices:list'] }, 'invalid_request'],
      [{ friendly_name: '   ', scopes: ['devices:list'] }, 'invalid_request'],
      [{ friendly_name: 'x'.repeat(101), scopes: ['devices:list'] }, 'invalid_request'],
      [{ friendly_name: 'x', scopes: ['devices:list', 'rockets:launch'] }, 'invalid_scope'],
      [{ friendly_name: 'x', scopes: ['*:*'] }, 'invalid_scope'],
      [{ friendly_name: 'x', scopes: [7] }, 'invalid_request'],
    ])('are refused with %j', async (payload, error) => {
      const { ann, ask } = await setUp();
      const [code, body] = await ask(ann, { method: 'POST', url, payload });
      expect([code, body.error]).toEqual([400, error]);
    });

    it('may do what their scopes say, in their place', async () => {
      const { ask, makeApiUser } = await setUp();
      const robot = await makeApiUser(['teams.users:list']);
      expect((await ask(robot, { url }))[0]).toBe(200);
      const unauthorized = {
        error: 'unauthorized',
        error_description: 'API users are not allowed to call this endpoint',
      };
      expect(await ask(robot, { method: 'DELETE', url: `${url}/x` })).toEqual([400, unauthorized]);
      expect(await ask(robot, { url: '/v1/user/invitations' })).toEqual([400, unauthorized]);
      expect((await ask(robot, { url: '/v1/products/1043/team' }))[0]).toBe(403);
      expect((await ask(robot, { url: `/v1/orgs/${ACME}/team` }))[0]).toBe(403);
      const orgRobot = await makeApiUser(['teams.users:list'], `orgs/${ACME}`);
      expect((await ask(orgRobot, { url: `/v1/orgs/${ACME}/team` }))[0]).toBe(200);
      expect((await ask(orgRobot, { url: '/v1/products/1043/team' }))[0]).toBe(200);
      expect((await ask(orgRobot, { url }))[0]).toBe(403);
    });

    it('cannot be given more than the caller has', async () => {
      const { ann, bob, ask, join, makeApiUser } = await setUp();
      await join(bob, 'Administrator');
      const post = (who: Pick<TestUser, 'headers'>, payload: object) => ask(who, { method: 'POST', url, payload });
      expect((await post(bob, { friendly_name: 'x', scopes: ['products:remove'] }))[1]).toEqual({
        error: 'permission_denied',
        error_description: 'Permission denied: You cannot give permissions that you do not have (products:remove)',
      });
      const strong = await makeApiUser(['products:remove', 'teams.users:update']);
      const weak = await makeApiUser(['teams.users:invite', 'teams.users:update', 'teams.users:remove']);
      expect((await post(weak, { friendly_name: 'x', scopes: SCOPES }))[0]).toBe(403);
      expect((await post(weak, { username: 'eve@example.net', role: 'View-only' }))[0]).toBe(403);
      expect((await post(weak, { friendly_name: 'x', scopes: ['teams.users:invite'] }))[0]).toBe(200);
      for (const who of [bob, weak]) {
        expect((await ask(who, { method: 'PUT', url: `${url}/${strong.username}/token` }))[0]).toBe(403);
        expect((await ask(who, { method: 'DELETE', url: `${url}/${strong.username}` }))[0]).toBe(403);
      }
      expect((await ask(weak, { method: 'DELETE', url: `${url}/${bob.username}` }))[0]).toBe(403);
      expect((await ask(ann, { method: 'DELETE', url: `${url}/${strong.username}` }))[0]).toBe(200);
    });

    it('get a new token with other scopes, and keep it with another name', async () => {
      const { ann, ask, makeApiUser } = await setUp();
      const robot = await makeApiUser(['teams.users:list']);
      const put = (payload: object) => ask(ann, { method: 'PUT', url: `${url}/${robot.username}`, payload });
      const [, renamed] = await put({ friendly_name: 'robot', scopes: ['teams.users:list'] });
      expect(renamed.updated).toMatchObject({ username: robot.username, friendly_name: 'robot', tokens: [] });
      expect((await ask(robot, { url }))[0]).toBe(200);
      const [, narrowed] = await put({ scopes: ['devices:list'] });
      expect((await ask(robot, { url }))[0]).toBe(401);
      const [{ token }] = narrowed.updated.tokens;
      expect((await ask({ headers: { authorization: `Bearer ${token}` } }, { url }))[0]).toBe(400);
      expect((await put({}))[0]).toBe(400);
    });

    it('have one token that works, also after two renewals at once', async () => {
      const { store, ann, ask, makeApiUser } = await setUp();
      const robot = await makeApiUser(['teams.users:list']);
      const renew = () => ask(ann, { method: 'PUT', url: `${url}/${robot.username}/token` });
      const replies = await Promise.all([renew(), renew()]);
      expect(replies.map(([code]) => code)).toEqual([200, 200]);
      const rows = await store.db
        .selectFrom('access_tokens')
        .selectAll()
        .where('subject_kind', '=', 'api_user')
        .execute();
      expect(rows).toMatchObject([{ expires_at: null, client_id: 'api-user' }]);
      expect((await ask(robot, { url }))[0]).toBe(401);
      const codes = replies.map(async ([, body]) => {
        const headers = { authorization: `Bearer ${body.updated.tokens[0].token}` };
        return (await ask({ headers }, { url }))[0];
      });
      expect((await Promise.all(codes)).toSorted()).toEqual([200, 401]);
    });

    it('are removed with their token, and are nobody elsewhere', async () => {
      const { ann, eve, ask, makeApiUser } = await setUp();
      const robot = await makeApiUser(['teams.users:list']);
      const path = `/team/${robot.username}`;
      expect((await ask(eve, { method: 'DELETE', url: `/v1/products/1044${path}` }))[0]).toBe(404);
      expect((await ask(eve, { method: 'PUT', url: `/v1/products/1044${path}/token` }))[0]).toBe(404);
      expect((await ask(ann, { method: 'PUT', url: `${url}/ann@example.net/token` }))[0]).toBe(404);
      expect(await ask(ann, { method: 'DELETE', url: `/v1/products/1042${path}` })).toEqual([200, { ok: true }]);
      expect((await ask(robot, { url }))[0]).toBe(401);
    });

    it('are at most a hundred', async () => {
      const { store, ann, ask } = await setUp();
      const row = { friendly_name: 'x', scopes: '[]', team_kind: 'product' as const, team_id: '1042', created_at: 1 };
      const rows = Array.from({ length: 99 }, (_, index) => ({ ...row, id: `${index}`, username: `u${index}` }));
      await store.db.insertInto('api_users').values(rows).execute();
      const payload = { friendly_name: 'x', scopes: ['devices:list'] };
      const make = () => ask(ann, { method: 'POST', url, payload });
      const codes = (await Promise.all([make(), make()])).map(([code]) => code);
      expect(codes.toSorted()).toEqual([200, 409]);
    });
  });
});
