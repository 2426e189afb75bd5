import { days, hours } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import type { InjectOptions } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountServer, answer } from '../../../test/http/account-server.ts';
import { createClient, issueToken, newId, subjectsTopic, tokensTopic } from '../../domain/accounts/index.ts';
import type { Store } from '../../store/store.ts';

const WRONG_PASSWORD = [400, { error: 'invalid_grant', error_description: 'The current password is wrong' }];
const DEAD_LINK = {
  error: 'invalid_mail_token',
  error_description: 'That link was used already, has expired or was never sent; ask for a new one',
};
const MAIL_UNAVAILABLE = {
  error: 'mail_unavailable',
  error_description: 'The mail could not be sent and nothing was changed; try again later',
};
const RESET_ASKED = { ok: true, message: 'If that address has an account, a mail is on its way' };
const password = 'correct horse';

const ACME = {
  team_kind: 'organization' as const,
  team_id: '5f1e2d3c4b5a697887960301',
  name: 'Acme',
  slug: 'acme',
  role: { id: '5f1e2d3c4b5a697887960302', name: 'Developer' },
};

describeStores('account routes: users', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp(options: Parameters<typeof accountServer>[1] = {}) {
    const server = await accountServer(store, options);
    const { call, ann } = server;
    const send = (method: InjectOptions['method'] & string, url: string, payload: object, headers: object = {}) =>
      call({ method: method as 'POST', url, payload, headers: { ...headers } });
    const put = (payload: object, headers: object = ann.headers) => send('PUT', '/v1/user', payload, headers);
    const user = async () => (await call({ url: '/v1/user', headers: ann.headers })).json();
    const count = async (table: 'users' | 'mail_tokens') =>
      (await store.db.selectFrom(table).selectAll().execute()).length;
    return { ...server, send, put, user, count };
  }

  describe('sign-up and verification', () => {
    const signUp = { username: 'Bob@example.net', password: 'battery staple' };

    it('mails a link that confirms the address; the account works before', async () => {
      const { send, login, mailer, mailedToken, call } = await setUp();
      const made = await send('POST', '/v1/users', signUp);
      expect(answer(made)).toEqual([
        200,
        {
          ok: true,
          message: 'The account is ready; confirm the address with the link in the mail',
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          username: 'bob@example.net',
        },
      ]);
      expect(mailer.sent.map(({ to, subject }) => [to, subject])).toEqual([
        ['bob@example.net', 'Confirm your e-mail address'],
      ]);
      expect(mailer.sent[0]?.text).toContain('http://127.0.0.1:8080/verify-email?token=');
      const { access_token: token } = (await login(signUp)).json();
      const headers = { authorization: `Bearer ${token}` };
      expect((await call({ url: '/v1/user', headers })).json().email_verified).toBe(false);
      expect(answer(await send('POST', '/v1/user/verify', { token: mailedToken() }))).toEqual([200, { ok: true }]);
      expect((await call({ url: '/v1/user', headers })).json().email_verified).toBe(true);
      expect(answer(await send('POST', '/v1/user/verify', { token: mailedToken() }))).toEqual([400, DEAD_LINK]);
    });

    it('keeps only a digest of what it mailed', async () => {
      const { send, mailedToken } = await setUp();
      await send('POST', '/v1/users', signUp);
      expect(JSON.stringify(await store.db.selectFrom('mail_tokens').selectAll().execute())).not.toContain(
        mailedToken(),
      );
    });

    it('makes no account when the mail cannot be sent', async () => {
      const { send, mailer, count } = await setUp();
      mailer.failure = new Error('no route to host');
      expect(answer(await send('POST', '/v1/users', signUp))).toEqual([503, MAIL_UNAVAILABLE]);
      expect([await count('users'), await count('mail_tokens')]).toEqual([1, 0]);
      mailer.failure = undefined;
      expect((await send('POST', '/v1/users', signUp)).statusCode).toBe(200);
    });

    it('of two at once for one address one gets it', async () => {
      const { send, count } = await setUp();
      const both = await Promise.all([send('POST', '/v1/users', signUp), send('POST', '/v1/users', signUp)]);
      expect(both.map((reply) => reply.statusCode).toSorted()).toEqual([200, 409]);
      expect([await count('users'), await count('mail_tokens')]).toEqual([2, 1]);
    });

    it('sends nothing to an address that has an account', async () => {
      const { send, mailer } = await setUp();
      expect((await send('POST', '/v1/users', { ...signUp, username: 'ann@example.net' })).statusCode).toBe(409);
      expect(mailer.sent).toEqual([]);
    });

    it.each(['a@b\r\nBcc: c@d', 'a@b,c@d', 'Ann <ann@b>', 'a b@c', 'a@', `${'a'.repeat(65)}@b`, 'a\u0000@b'])(
      'refuses the address %j',
      async (username) => {
        const { send, mailer } = await setUp();
        const reply = await send('POST', '/v1/users', { ...signUp, username });
        expect([reply.statusCode, reply.json().error, mailer.sent]).toEqual([400, 'invalid_request', []]);
      },
    );

    it('sends another link when asked, five at most, and none when the address is confirmed', async () => {
      const { send, ann, mailer, mailedToken, clock } = await setUp();
      const ask = () => send('POST', '/v1/user/verification', {}, ann.headers);
      for (let n = 0; n < 5; n++)
        expect(answer(await ask())).toEqual([200, { ok: true, message: 'A mail is on its way' }]);
      expect([(await ask()).statusCode, mailer.sent.length]).toEqual([429, 5]);
      clock.advance(days(7));
      expect((await ask()).statusCode).toBe(200);
      await send('POST', '/v1/user/verify', { token: mailedToken() });
      expect(answer(await ask())).toEqual([200, { ok: true, message: 'The e-mail address is confirmed already' }]);
      expect(mailer.sent.length).toBe(6);
    });

    it('a link that is seven days old is dead', async () => {
      const { send, ann, mailedToken, clock, user } = await setUp();
      await send('POST', '/v1/user/verification', {}, ann.headers);
      clock.advance(days(7));
      expect(answer(await send('POST', '/v1/user/verify', { token: mailedToken() }))).toEqual([400, DEAD_LINK]);
      expect((await user()).email_verified).toBe(false);
    });

    it('a failed mail leaves no token behind', async () => {
      const { send, ann, mailer, count } = await setUp();
      mailer.failure = new Error('no');
      expect(answer(await send('POST', '/v1/user/verification', {}, ann.headers))).toEqual([503, MAIL_UNAVAILABLE]);
      expect(await count('mail_tokens')).toBe(0);
    });
  });

  describe('password reset', () => {
    const ask = (username: string) =>
      ({ method: 'POST', url: '/v1/user/password-reset', payload: { username } }) as const;
    const reset = (token: string, word = 'battery staple') =>
      ({ method: 'PUT', url: '/v1/user/password-reset', payload: { token, password: word } }) as const;

    it('answers the same for an address that has an account and one that has none', async () => {
      const { call, mailer, settled } = await setUp();
      const known = await call(ask(' Ann@example.net'));
      const unknown = await call(ask('nobody@example.net'));
      expect([answer(known), answer(unknown)]).toEqual([
        [200, RESET_ASKED],
        [200, RESET_ASKED],
      ]);
      await settled();
      expect(mailer.sent.map(({ to, subject }) => [to, subject])).toEqual([['ann@example.net', 'Reset your password']]);
    });

    it('answers the same when the mail cannot be sent', async () => {
      const { call, mailer, settled, count } = await setUp();
      mailer.failure = new Error('no route to host');
      expect(answer(await call(ask('ann@example.net')))).toEqual([200, RESET_ASKED]);
      await settled();
      expect(await count('mail_tokens')).toBe(0);
    });

    it('sets the password once, revokes every token and confirms the address', async () => {
      const { call, settled, mailedToken, login, statusOf, ann, mailer } = await setUp();
      const { refresh_token: refresh } = (await login()).json();
      await call(ask('ann@example.net'));
      await settled();
      const token = mailedToken();
      expect(answer(await call(reset(token)))).toEqual([
        200,
        { ok: true, message: 'The password was changed; log in with it' },
      ]);
      expect(await statusOf(ann.token)).toBe(401);
      const renewed = await login({ grant_type: 'refresh_token', refresh_token: refresh });
      expect([renewed.statusCode, renewed.json().error]).toEqual([400, 'invalid_grant']);
      expect((await login()).statusCode).toBe(400);
      const { access_token: fresh } = (await login({ password: 'battery staple' })).json();
      const user = await call({ url: '/v1/user', headers: { authorization: `Bearer ${fresh}` } });
      expect(user.json().email_verified).toBe(true);
      expect(answer(await call(reset(token, 'other words')))).toEqual([400, DEAD_LINK]);
      await settled();
      expect(mailer.sent.at(-1)).toMatchObject({ to: 'ann@example.net', subject: 'Your password was changed' });
    });

    it('of two resets at once one sets the password', async () => {
      const { call, settled, mailedToken, login } = await setUp();
      await call(ask('ann@example.net'));
      await settled();
      const words = ['battery staple', 'another word'];
      const replies = await Promise.all(words.map((word) => call(reset(mailedToken(), word))));
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 400]);
      const winner = words[replies.findIndex((reply) => reply.statusCode === 200)];
      expect((await login({ password: winner })).statusCode).toBe(200);
    });

    it('one link that was used ends the others; a bad password uses none', async () => {
      const { call, settled, mailedToken } = await setUp();
      await call(ask('ann@example.net'));
      await settled();
      const first = mailedToken();
      await call(ask('ann@example.net'));
      await settled();
      const second = mailedToken();
      expect(first).not.toBe(second);
      expect((await call(reset(first, 'short'))).json().error).toBe('invalid_request');
      expect((await call(reset(first, 'x'.repeat(1025)))).json().error).toBe('invalid_request');
      expect((await call(reset(first))).statusCode).toBe(200);
      expect(answer(await call(reset(second)))).toEqual([400, DEAD_LINK]);
    });

    it('a link is dead after an hour, and for other purposes', async () => {
      const { call, settled, mailedToken, clock, send, login } = await setUp();
      await call(ask('ann@example.net'));
      await settled();
      expect((await send('POST', '/v1/user/verify', { token: mailedToken() })).statusCode).toBe(400);
      clock.advance(hours(1));
      expect(answer(await call(reset(mailedToken())))).toEqual([400, DEAD_LINK]);
      expect((await login()).statusCode).toBe(200);
    });

    it('five mails an hour, whoever asks', async () => {
      const { call, settled, mailer, clock } = await setUp();
      for (let n = 0; n < 8; n++) {
        await call(ask('ann@example.net'));
        await settled();
      }
      expect(mailer.sent.length).toBe(5);
      clock.advance(hours(1));
      await call(ask('ann@example.net'));
      await settled();
      expect(mailer.sent.length).toBe(6);
    });
  });

  describe('PUT /v1/user', () => {
    it('changes account_info field by field', async () => {
      const { put, user } = await setUp();
      const info = { first_name: 'Ann', last_name: 'Ode', company_name: 'Acme', business_account: true };
      expect(answer(await put({ account_info: info }))).toEqual([
        200,
        { ok: true, message: 'The account was changed' },
      ]);
      await put({ account_info: { last_name: 'Oak' } });
      expect((await user()).account_info).toEqual({ ...info, last_name: 'Oak' });
    });

    it('changes the e-mail address at once; tokens go on, the password stays (OWN-03, OWN-04)', async () => {
      const { put, user, login, mailer, mailedToken, settled, send, services } = await setUp();
      const changed: string[] = [];
      services.bus.subscribe(subjectsTopic, ({ subjectId }) => changed.push(subjectId));
      expect((await user()).username).toBe('ann@example.net');
      const reply = await put({ username: ' Ann@Example.ORG', current_password: password });
      expect(answer(reply)).toEqual([200, { ok: true, message: 'The e-mail address was changed' }]);
      expect(await user()).toMatchObject({ username: 'ann@example.org', email_verified: false });
      expect((await login()).statusCode).toBe(400);
      expect((await login({ username: 'ann@example.org' })).statusCode).toBe(200);
      const token = mailedToken();
      await settled();
      expect(mailer.sent.map(({ to, subject }) => [to, subject])).toEqual([
        ['ann@example.org', 'Your account has this e-mail address now'],
        ['ann@example.net', 'Your account has another e-mail address now'],
      ]);
      expect(changed.length).toBe(1);
      expect(
        (await send('POST', '/v1/user/verify', { token: mailer.sent[0]?.text.match(/[0-9a-f]{40}/)?.[0] ?? token }))
          .statusCode,
      ).toBe(200);
      expect((await user()).email_verified).toBe(true);
    });

    it('the new holder resets the password by mail; links to the old address are dead (OWN-04)', async () => {
      const { put, call, settled, mailedToken, mailer, login } = await setUp();
      await call({ method: 'POST', url: '/v1/user/password-reset', payload: { username: 'ann@example.net' } });
      await settled();
      const old = mailedToken();
      await put({ username: 'new@example.net', current_password: password });
      await settled();
      const reset = (token: string) =>
        call({ method: 'PUT', url: '/v1/user/password-reset', payload: { token, password: 'battery staple' } });
      expect(answer(await reset(old))).toEqual([400, DEAD_LINK]);
      await call({ method: 'POST', url: '/v1/user/password-reset', payload: { username: 'new@example.net' } });
      await settled();
      expect(mailer.sent.at(-1)?.to).toBe('new@example.net');
      expect((await reset(mailedToken())).statusCode).toBe(200);
      expect((await login({ username: 'new@example.net', password: 'battery staple' })).statusCode).toBe(200);
    });

    it('changes nothing when the mail cannot be sent', async () => {
      const { put, user, mailer } = await setUp();
      mailer.failure = new Error('no');
      const reply = await put({ username: 'ann@example.org', current_password: password });
      expect(answer(reply)).toEqual([503, MAIL_UNAVAILABLE]);
      expect((await user()).username).toBe('ann@example.net');
    });

    it('of two accounts that want one address one gets it', async () => {
      const { put, addUser, ann } = await setUp();
      const bob = await addUser('bob@example.net');
      const wish = { username: 'shared@example.net', current_password: password };
      const replies = await Promise.all([put(wish, ann.headers), put(wish, bob.headers)]);
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 409]);
      expect(replies.find((reply) => reply.statusCode === 409)?.json()).toEqual({
        error: 'username_taken',
        error_description: 'That e-mail address has an account already',
      });
    });

    it('changes the password, and ends other log-ins when asked', async () => {
      const { put, login, statusOf, ann } = await setUp();
      const other = (await login()).json();
      const change = { password: 'battery staple', current_password: password };
      expect(answer(await put(change))).toEqual([200, { ok: true, message: 'The password was changed' }]);
      expect([await statusOf(ann.token), await statusOf(other.access_token)]).toEqual([200, 200]);
      expect((await login()).statusCode).toBe(400);
      const back = { password, current_password: 'battery staple', invalidate_tokens: 'true' };
      expect((await put(back)).statusCode).toBe(200);
      expect([await statusOf(ann.token), await statusOf(other.access_token)]).toEqual([200, 401]);
      const renewed = await login({ grant_type: 'refresh_token', refresh_token: other.refresh_token });
      expect(renewed.statusCode).toBe(400);
    });

    it('of two changes of the password at once one is made', async () => {
      const { put } = await setUp();
      const replies = await Promise.all(
        ['battery staple', 'another word'].map((word) => put({ password: word, current_password: password })),
      );
      expect(replies.filter((reply) => reply.statusCode === 200).length).toBe(1);
    });

    it.each([
      [{}, 400, 'invalid_request'],
      [{ username: 'b@example.net', password: 'battery staple', current_password: password }, 400, 'invalid_request'],
      [{ username: 'b@example.net' }, 400, 'invalid_request'],
      [{ username: 'ann@example.net', current_password: password }, 400, 'invalid_request'],
      [{ username: 'nonsense', current_password: password }, 400, 'invalid_request'],
      [{ username: 'b@x\r\nBcc: c@d', current_password: password }, 400, 'invalid_request'],
      [{ username: 7, current_password: password }, 400, 'invalid_request'],
      [{ username: 'x'.repeat(100_000), current_password: password }, 400, 'invalid_request'],
      [{ password: 'short', current_password: password }, 400, 'invalid_request'],
      [{ password: 'battery staple', current_password: 'x'.repeat(100_000) }, 400, 'invalid_request'],
      [{ password: 'battery staple', current_password: 'wrong horse' }, 400, 'invalid_grant'],
      [
        { password: 'battery staple', current_password: password, invalidate_tokens: 'perhaps' },
        400,
        'invalid_request',
      ],
      [{ account_info: { first_name: 'x'.repeat(201) } }, 400, 'invalid_request'],
      [{ account_info: 'Ann' }, 400, 'invalid_request'],
    ])('refuses %.70j', async (body, status, error) => {
      const { put, user, mailer } = await setUp();
      const before = await user();
      const reply = await put(body);
      expect([reply.statusCode, reply.json().error]).toEqual([status, error]);
      expect([await user(), mailer.sent]).toEqual([before, []]);
    });

    it('wrong current passwords count as wrong log-ins', async () => {
      const { put, login } = await setUp();
      const wrong = { password: 'battery staple', current_password: 'wrong horse' };
      for (let n = 0; n < 10; n++) expect(answer(await put(wrong))).toEqual(WRONG_PASSWORD);
      expect((await put({ ...wrong, current_password: password })).statusCode).toBe(429);
      expect((await login()).statusCode).toBe(429);
    });
  });

  describe('DELETE /v1/user', () => {
    const end = (headers: object, word = password) =>
      ({ method: 'DELETE', url: '/v1/user', payload: { password: word }, headers: { ...headers } }) as const;

    it('deletes the account with tokens, clients and links; other domains end their part in it', async () => {
      const ended: string[] = [];
      const hooks = {
        endings: [
          async (_db: unknown, userId: string) => {
            ended.push(`in ${userId}`);
            return () => void ended.push(`after ${userId}`);
          },
        ],
      };
      const { call, ann, login, statusOf, ambient, services, addUser, count } = await setUp({ hooks });
      const revoked: string[] = [];
      services.bus.subscribe(tokensTopic, ({ tokenIds }) => revoked.push(...tokenIds));
      const bob = await addUser('bob@example.net');
      const owner = { kind: 'user' as const, id: ann.id };
      const { client } = await createClient(ambient, owner, { name: 'Shop', type: 'installed' });
      const bobs = await issueToken(ambient, store.db, {
        subject: { kind: 'user', id: bob.id },
        clientId: client.id,
        lifetimeSeconds: 0,
        withRefresh: false,
      });
      await call({ method: 'POST', url: '/v1/user/verification', headers: ann.headers });
      expect(answer(await call(end(ann.headers)))).toEqual([200, { ok: true, message: 'The account was deleted' }]);
      expect(ended).toEqual([`in ${ann.id}`, `after ${ann.id}`]);
      expect([await statusOf(ann.token), await statusOf(bobs.accessToken), await statusOf(bob.token)]).toEqual([
        401, 401, 200,
      ]);
      expect((await login()).statusCode).toBe(400);
      expect([await count('users'), await count('mail_tokens')]).toEqual([1, 0]);
      expect(await store.db.selectFrom('oauth_clients').selectAll().execute()).toEqual([]);
      expect(revoked.toSorted()).toEqual([ann.tokenId, bobs.tokenId].toSorted());
    });

    it('is refused while the account owns something, which it names', async () => {
      const hooks = { placesOf: [async () => ['the product "Greenhouse"'], async () => ['the organization "Acme"']] };
      const { call, ann, user } = await setUp({ hooks });
      expect(answer(await call(end(ann.headers)))).toEqual([
        409,
        {
          error: 'owns_places',
          error_description:
            'The account owns the product "Greenhouse", the organization "Acme": delete or transfer them first',
        },
      ]);
      expect((await user()).username).toBe('ann@example.net');
    });

    it('is all or nothing', async () => {
      const hooks = { endings: [() => Promise.reject(new Error('broken'))] };
      const { call, ann, user } = await setUp({ hooks });
      expect((await call(end(ann.headers))).statusCode).toBe(500);
      expect((await user()).username).toBe('ann@example.net');
    });

    it('asks for the password', async () => {
      const { call, ann } = await setUp();
      expect(answer(await call(end(ann.headers, 'wrong horse')))).toEqual(WRONG_PASSWORD);
      const without = await call({ method: 'DELETE', url: '/v1/user', headers: ann.headers });
      expect([without.statusCode, without.json().error]).toEqual([400, 'invalid_request']);
    });

    it('keeps the last operator, of two who leave at once too', async () => {
      const { call, addUser } = await setUp();
      const [first, second] = [
        await addUser('op1@example.net', { operator: true }),
        await addUser('op2@example.net', { operator: true }),
      ];
      const replies = await Promise.all([call(end(first.headers)), call(end(second.headers))]);
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 409]);
      expect(replies.find((reply) => reply.statusCode === 409)?.json()).toEqual({
        error: 'last_operator',
        error_description: 'The last operator of a server cannot be deleted',
      });
    });
  });

  describe('for operators', () => {
    it('POST /v1/operator/users makes an account whose owner chooses the password by mail, though sign-up is closed', async () => {
      const { send, addUser, mailer, mailedToken, login, call, clock } = await setUp({ signup: 'closed' });
      const op = await addUser('op@example.net', { operator: true });
      const payload = { username: 'Bob@example.net', account_info: { first_name: 'Bob' } };
      const made = await send('POST', '/v1/operator/users', payload, op.headers);
      expect(answer(made)).toEqual([
        201,
        {
          ok: true,
          message: 'A mail with a link to choose a password is on its way',
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          username: 'bob@example.net',
        },
      ]);
      expect(mailer.sent[0]).toMatchObject({ to: 'bob@example.net', subject: 'Your Cloud Chamber account' });
      for (const word of ['', ' ', 'undefined'])
        expect((await login({ username: 'bob@example.net', password: word })).statusCode).toBe(400);
      clock.advance(days(7) - 1);
      const reset = { token: mailedToken(), password: 'battery staple' };
      expect((await send('PUT', '/v1/user/password-reset', reset)).statusCode).toBe(200);
      const { access_token: token } = (await login({ username: 'bob@example.net', password: 'battery staple' })).json();
      const user = await call({ url: '/v1/user', headers: { authorization: `Bearer ${token}` } });
      expect(user.json()).toMatchObject({
        no_password: false,
        email_verified: true,
        account_info: { first_name: 'Bob' },
      });
    });

    it('refuses an address that has an account, and makes none without the mail', async () => {
      const { send, addUser, mailer, count } = await setUp();
      const op = await addUser('op@example.net', { operator: true });
      const invite = (username: string) => send('POST', '/v1/operator/users', { username }, op.headers);
      expect((await invite('ann@example.net')).json().error).toBe('username_taken');
      expect((await invite('nonsense')).json().error).toBe('invalid_request');
      mailer.failure = new Error('no');
      expect(answer(await invite('bob@example.net'))).toEqual([503, MAIL_UNAVAILABLE]);
      expect(await count('users')).toBe(2);
    });

    it('GET /v1/operator/users lists a page', async () => {
      const { call, addUser, clock, ann } = await setUp();
      clock.advance(1);
      const op = await addUser('op@example.net', { operator: true });
      const reply = await call({ url: '/v1/operator/users?per_page=1&page=2', headers: op.headers });
      expect(answer(reply)).toEqual([
        200,
        {
          users: [
            {
              id: op.id,
              username: 'op@example.net',
              operator: true,
              email_verified: false,
              no_password: false,
              mfa: { enabled: false },
              created_at: '2026-01-01T00:00:00.001Z',
            },
          ],
          meta: { total_pages: 2 },
        },
      ]);
      const refused = await call({ url: '/v1/operator/users', headers: ann.headers });
      expect([refused.statusCode, refused.json().error]).toEqual([403, 'operator_only']);
      expect((await call({ url: '/v1/operator/users?page=0', headers: op.headers })).statusCode).toBe(400);
    });
  });

  describe('a new password', () => {
    it('leaves nothing of log-ins and renewals that come in the same moment', async () => {
      const { call, login, statusOf, settled, mailedToken } = await setUp();
      let password = 'correct horse';
      for (let round = 0; round < 8; round++) {
        const first = (await login({ password })).json();
        await call({ method: 'POST', url: '/v1/user/password-reset', payload: { username: 'ann@example.net' } });
        await settled();
        const next = `battery staple ${round}`;
        const reset = () =>
          call({ method: 'PUT', url: '/v1/user/password-reset', payload: { token: mailedToken(), password: next } });
        const renewing = async () => {
          const given = [first];
          for (let n = 0; n < 4; n++) {
            const { refresh_token } = given.at(-1);
            const renewed = await login({ grant_type: 'refresh_token', refresh_token });
            if (renewed.statusCode === 200) given.push(renewed.json());
          }
          return given;
        };
        const entering = Array.from({ length: 4 }, async () => (await login({ password })).json());
        const [renewed, changed, ...entered] = await Promise.all([renewing(), reset(), ...entering]);
        expect(changed.statusCode).toBe(200);
        for (const { access_token = '', refresh_token } of [...renewed, ...entered]) {
          expect(await statusOf(access_token)).toBe(access_token === '' ? 400 : 401);
          const again = await login({ grant_type: 'refresh_token', refresh_token: refresh_token ?? 'none' });
          expect(again.json().error).toBe('invalid_grant');
        }
        password = next;
      }
    });
  });

  describe('who the token is for', () => {
    it('customers and API users are told their own name, products are nobody', async () => {
      const { ambient, call } = await setUp({
        hooks: { countDevices: async () => ({ wifi: 2, cellular: 1 }), memberships: async () => [ACME] },
      });
      const { db } = store;
      const customerId = newId(ambient.entropy);
      const at = ambient.clock.now();
      const values = {
        id: customerId,
        product_id: 1042,
        username: 'cust',
        full_name: null,
        password_hash: null,
        user_id: null,
      };
      await db
        .insertInto('customers')
        .values({ ...values, created_at: at })
        .execute();
      const apiUserId = newId(ambient.entropy);
      const program = { id: apiUserId, username: `prog+${apiUserId}@api.example.net`, friendly_name: 'Program' };
      const scopes = JSON.stringify(['devices:list']);
      await db
        .insertInto('api_users')
        .values({ ...program, scopes, team_kind: 'product', team_id: '1042', created_at: at })
        .execute();
      const headersOf = async (kind: 'customer' | 'api_user', id: string) => {
        const token = await issueToken(ambient, db, {
          subject: { kind, id },
          clientId: 'particle',
          lifetimeSeconds: 0,
          withRefresh: false,
        });
        return { authorization: `Bearer ${token.accessToken}` };
      };
      const nobody = {
        subscription_ids: [],
        tos: 1,
        account_info: { first_name: '', last_name: '', company_name: '', business_account: false },
        mfa: { enabled: false },
        email_verified: false,
        memberships: [],
        scim_provisioned: false,
        no_password: true,
      };
      const customer = await headersOf('customer', customerId);
      expect(answer(await call({ url: '/v1/user', headers: customer }))).toEqual([
        200,
        { ...nobody, username: 'cust', wifi_device_count: 2, cellular_device_count: 1 },
      ]);
      expect((await call({ url: '/v1/user/identify', headers: customer })).json()).toEqual({
        id: customerId,
        email: 'cust',
      });
      const apiUser = await headersOf('api_user', apiUserId);
      expect(answer(await call({ url: '/v1/user', headers: apiUser }))).toEqual([
        200,
        { ...nobody, username: program.username, wifi_device_count: 0, cellular_device_count: 0 },
      ]);
      const current = await call({ url: '/v1/access_tokens/current', headers: apiUser });
      expect(current.json().scopes).toEqual(['devices:list']);
      for (const headers of [customer, apiUser]) {
        expect((await call({ method: 'PUT', url: '/v1/user', headers, payload: {} })).statusCode).not.toBe(200);
        expect((await call({ method: 'DELETE', url: '/v1/user', headers, payload: { password } })).statusCode).not.toBe(
          200,
        );
      }
    });

    it('an account is told its teams', async () => {
      const { user } = await setUp({ hooks: { memberships: async () => [ACME] } });
      expect((await user()).memberships).toEqual([ACME]);
    });
  });

  it.each([
    ['POST', '/v1/user/verify', { token: 'x'.repeat(100_000) }],
    ['POST', '/v1/user/verify', { token: { $ne: '' } }],
    ['POST', '/v1/user/verify', {}],
    ['POST', '/v1/user/password-reset', {}],
    ['POST', '/v1/user/password-reset', { username: 'x'.repeat(100_000) }],
    ['POST', '/v1/user/password-reset', { username: ['ann@example.net'] }],
    ['PUT', '/v1/user/password-reset', { token: 'x' }],
    ['PUT', '/v1/user/password-reset', { token: null, password: 'battery staple' }],
    ['PUT', '/v1/user/password-reset', { token: 'x', password: 'x'.repeat(100_000) }],
    ['POST', '/v1/users', { username: 'b@example.net', password: 'x'.repeat(100_000) }],
    ['POST', '/v1/users', { username: 'b@example.net', password: 'battery staple', account_info: [] }],
  ])('%s %s refuses %.50j', async (method, url, payload) => {
    const { send } = await setUp();
    const reply = await send(method, url, payload);
    expect([reply.statusCode, reply.json().error]).toEqual([400, 'invalid_request']);
  });
});
