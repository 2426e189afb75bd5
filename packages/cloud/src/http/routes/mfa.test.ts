import { minutes, seconds } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { beforeAll, expect, it } from 'vitest';
import { accountServer, answer, basic, CLIENT, codeAt } from '../../../test/http/account-server.ts';
import type { Store } from '../../store/store.ts';

const MFA = 'urn:custom:mfa-otp';
const WRONG_CODE = { error: 'invalid_grant', error_description: 'The code is wrong or was used already' };
const DEAD_TOKEN = { error: 'invalid_grant', error_description: 'mfa_token is not valid any more; log in again' };
const NEEDED = { error: 'mfa_required', error_description: 'Multifactor authentication required' };
const password = 'correct horse';

describeStores('account routes: the second factor', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp() {
    const server = await accountServer(store);
    const { call, ann, clock, login } = server;
    const offer = async () => (await call({ url: '/v1/user/mfa-enable', headers: ann.headers })).json();
    const enable = (payload: object, headers = ann.headers) =>
      call({ method: 'POST', url: '/v1/user/mfa-enable', headers, payload });
    const disable = (current_password: string) =>
      call({ method: 'PUT', url: '/v1/user/mfa-disable', headers: ann.headers, payload: { current_password } });
    /** Switches it on, and waits until the code that did so is of the past. */
    const enrol = async () => {
      const { mfa_token, secret } = await offer();
      const reply = await enable({ mfa_token, otp: codeAt(secret, clock.now()) });
      clock.advance(seconds(90));
      return { secret: String(secret), recovery: reply.json().tokens as string[] };
    };
    const firstStep = async (fields: Record<string, unknown> = {}) => String((await login(fields)).json().mfa_token);
    const secondStep = (mfa_token: string, otp: string, fields: object = CLIENT) =>
      call({ method: 'POST', url: '/oauth/token', payload: { grant_type: MFA, mfa_token, otp, ...fields } });
    return { ...server, offer, enable, disable, enrol, firstStep, secondStep };
  }

  it('is switched on with a code of the secret that was offered', async () => {
    const { call, ann, enable, clock } = await setUp();
    const offered = await call({ url: '/v1/user/mfa-enable', headers: ann.headers });
    expect([offered.statusCode, offered.headers['cache-control']]).toEqual([200, 'no-store']);
    const { mfa_token, secret, qr_url } = offered.json();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(qr_url).toBe(
      `otpauth://totp/Cloud%20Chamber:ann%40example.net?issuer=Cloud%20Chamber&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
    const user = async () => (await call({ url: '/v1/user', headers: ann.headers })).json().mfa;
    expect(await user()).toEqual({ enabled: false });
    const reply = await enable({ mfa_token, otp: codeAt(secret, clock.now()) });
    expect([reply.statusCode, reply.headers['cache-control']]).toEqual([200, 'no-store']);
    const { enrolled, tokens } = reply.json();
    expect([enrolled, tokens.length, new Set(tokens).size]).toEqual([true, 10, 10]);
    for (const token of tokens) expect(token).toMatch(/^([0-9a-f]{5}-){3}[0-9a-f]{5}$/);
    expect(await user()).toEqual({ enabled: true });
    const rows = JSON.stringify([
      await store.db.selectFrom('users').selectAll().execute(),
      await store.db.selectFrom('mfa_recovery_codes').selectAll().execute(),
    ]);
    for (const word of [secret, ...tokens]) expect(rows).not.toContain(word);
    const again = {
      error: 'mfa_enabled',
      error_description: 'The second factor is on already; disable it to change it',
    };
    expect(answer(await call({ url: '/v1/user/mfa-enable', headers: ann.headers }))).toEqual([409, again]);
    clock.advance(seconds(30));
    expect(answer(await enable({ mfa_token, otp: codeAt(secret, clock.now()) }))).toEqual([409, again]);
  });

  it('of two that switch it on at once one does', async () => {
    const { offer, enable, clock } = await setUp();
    const offers = [await offer(), await offer()];
    const replies = await Promise.all(
      offers.map(({ mfa_token, secret }) => enable({ mfa_token, otp: codeAt(secret, clock.now()) })),
    );
    expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 409]);
    const codes = await store.db.selectFrom('mfa_recovery_codes').selectAll().execute();
    expect(codes.length).toBe(10);
  });

  it('refuses a wrong code, a foreign, broken or old offer', async () => {
    const { offer, enable, clock, addUser, login } = await setUp();
    const bob = await addUser('bob@example.net');
    const { mfa_token, secret } = await offer();
    const otp = codeAt(secret, clock.now());
    expect(answer(await enable({ mfa_token, otp: codeAt(secret, clock.now() + minutes(5)) }))).toEqual([
      400,
      WRONG_CODE,
    ]);
    expect(answer(await enable({ mfa_token, otp: '' }))).toEqual([400, WRONG_CODE]);
    const dead = [400, { error: 'invalid_request', error_description: 'mfa_token is not valid any more; begin again' }];
    expect(answer(await enable({ mfa_token, otp }, bob.headers))).toEqual(dead);
    for (const token of ['', 'x', `${mfa_token}x`, mfa_token.slice(0, -2)])
      expect(answer(await enable({ mfa_token: token, otp }))).toEqual(dead);
    clock.advance(minutes(30));
    expect(answer(await enable({ mfa_token, otp: codeAt(secret, clock.now()) }))).toEqual(dead);
    expect((await login()).statusCode).toBe(200);
  });

  it('ends other log-ins when asked', async () => {
    const { offer, enable, clock, login, statusOf, ann } = await setUp();
    const { access_token: other } = (await login()).json();
    const { mfa_token, secret } = await offer();
    await enable({ mfa_token, otp: codeAt(secret, clock.now()), invalidate_tokens: true });
    expect([await statusOf(ann.token), await statusOf(other)]).toEqual([200, 401]);
  });

  it('a log-in takes a second step, which keeps the lifetime of the first', async () => {
    const { enrol, login, secondStep, clock, statusOf } = await setUp();
    const { secret } = await enrol();
    const first = await login({ expires_in: 600 });
    expect(answer(first)).toEqual([403, { ...NEEDED, mfa_token: expect.any(String) }]);
    expect(first.headers['cache-control']).toBe('no-store');
    const second = await secondStep(first.json().mfa_token, codeAt(secret, clock.now()));
    expect(answer(second)).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
        token_type: 'bearer',
        expires_in: 600,
        refresh_token: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    ]);
    expect(await statusOf(second.json().access_token)).toBe(200);
  });

  it('tells nothing of the second factor before the password is right', async () => {
    const { enrol, login } = await setUp();
    await enrol();
    expect(answer(await login({ password: 'wrong horse' }))).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'User credentials are invalid' },
    ]);
  });

  it('a wrong code leaves the mfa_token good; a right one is taken once, of two at once too', async () => {
    const { enrol, firstStep, secondStep, clock } = await setUp();
    const { secret } = await enrol();
    const token = await firstStep();
    for (const otp of [
      '000000',
      'abcdef',
      '12345',
      '1234567',
      'x'.repeat(5000),
      codeAt(secret, clock.now() - minutes(2)),
    ])
      expect(answer(await secondStep(token, otp))).toEqual([400, WRONG_CODE]);
    const otp = codeAt(secret, clock.now());
    const both = await Promise.all([secondStep(token, otp), secondStep(await firstStep(), otp)]);
    expect(both.map((reply) => reply.statusCode).toSorted()).toEqual([200, 400]);
    expect(answer(await secondStep(await firstStep(), otp))).toEqual([400, WRONG_CODE]);
  });

  it('takes the code of the step before and after, with a space in it, and none older than the last one taken', async () => {
    const { enrol, firstStep, secondStep, clock } = await setUp();
    const { secret } = await enrol();
    const at = (offset: number) => codeAt(secret, clock.now() + seconds(offset));
    expect((await secondStep(await firstStep(), at(60))).statusCode).toBe(400);
    expect((await secondStep(await firstStep(), at(-60))).statusCode).toBe(400);
    const before = at(-30);
    expect((await secondStep(await firstStep(), `${before.slice(0, 3)} ${before.slice(3)}`)).statusCode).toBe(200);
    expect((await secondStep(await firstStep(), at(30))).statusCode).toBe(200);
    expect((await secondStep(await firstStep(), at(0))).statusCode).toBe(400);
  });

  it('a recovery code stands in once, however it is spelled', async () => {
    const { enrol, firstStep, secondStep } = await setUp();
    const { recovery } = await enrol();
    const [first = '', second = ''] = recovery;
    expect((await secondStep(await firstStep(), first)).statusCode).toBe(200);
    expect(answer(await secondStep(await firstStep(), first))).toEqual([400, WRONG_CODE]);
    const both = await Promise.all(
      [second.toUpperCase(), second.replaceAll('-', ' ')].map(async (code) => secondStep(await firstStep(), code)),
    );
    expect(both.map((reply) => reply.statusCode).toSorted()).toEqual([200, 400]);
  });

  it('an mfa_token is good for ten minutes, for its client, until the password changes', async () => {
    const { enrol, firstStep, secondStep, clock, call, ann } = await setUp();
    const { secret } = await enrol();
    const token = await firstStep();
    const other = { client_id: 'particle-cli', client_secret: 'particle-cli' };
    expect(answer(await secondStep(token, codeAt(secret, clock.now()), other))).toEqual([400, DEAD_TOKEN]);
    for (const bad of ['x', 'x'.repeat(10_000), `${token}AA`])
      expect(answer(await secondStep(bad, codeAt(secret, clock.now())))).toEqual([400, DEAD_TOKEN]);
    const change = { password: 'battery staple', current_password: password };
    await call({ method: 'PUT', url: '/v1/user', headers: ann.headers, payload: change });
    expect(answer(await secondStep(token, codeAt(secret, clock.now())))).toEqual([400, DEAD_TOKEN]);
    const next = await firstStep({ password: 'battery staple' });
    clock.advance(minutes(10));
    expect(answer(await secondStep(next, codeAt(secret, clock.now())))).toEqual([400, DEAD_TOKEN]);
  });

  it('needs its client, its token and its code', async () => {
    const { enrol, firstStep, secondStep, clock } = await setUp();
    const { secret } = await enrol();
    const token = await firstStep();
    const otp = codeAt(secret, clock.now());
    const wrong = await secondStep(token, otp, { ...CLIENT, client_secret: 'wrong' });
    expect([wrong.statusCode, wrong.json().error]).toEqual([400, 'invalid_client']);
    expect((await secondStep('', otp)).json().error_description).toBe('mfa_token is missing');
    expect((await secondStep(token, '')).json().error_description).toBe('otp is missing');
  });

  it('ten wrong codes in a row block the codes of the account for 30 minutes, from everywhere', async () => {
    const { enrol, firstStep, secondStep, clock, call } = await setUp();
    const { secret, recovery } = await enrol();
    const token = await firstStep();
    for (let n = 0; n < 10; n++) expect((await secondStep(token, '000000')).statusCode).toBe(400);
    const blocked = await call({
      method: 'POST',
      url: '/oauth/token',
      remoteAddress: '192.0.2.9',
      payload: { grant_type: MFA, mfa_token: token, otp: recovery[0], ...CLIENT },
    });
    expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '1800']);
    clock.advance(minutes(30));
    expect((await secondStep(await firstStep(), codeAt(secret, clock.now()))).statusCode).toBe(200);
  });

  it('HTTP Basic takes the code as otp', async () => {
    const { enrol, call, clock, login, ann } = await setUp();
    const headers = basic('ann@example.net', password);
    expect((await call({ url: '/v1/access_tokens', headers })).statusCode).toBe(200);
    const { secret } = await enrol();
    expect(answer(await call({ url: '/v1/access_tokens', headers }))).toEqual([403, NEEDED]);
    expect(answer(await call({ url: '/v1/access_tokens?otp=000000', headers }))).toEqual([400, WRONG_CODE]);
    const otp = codeAt(secret, clock.now());
    expect((await call({ url: `/v1/access_tokens?otp=${otp}`, headers })).statusCode).toBe(200);
    expect((await login()).statusCode).toBe(403);
    const id = ann.tokenId;
    expect((await call({ method: 'DELETE', url: `/v1/access_tokens/${id}`, headers })).statusCode).toBe(403);
    clock.advance(seconds(30));
    const next = codeAt(secret, clock.now());
    expect((await call({ method: 'DELETE', url: `/v1/access_tokens/${id}?otp=${next}`, headers })).statusCode).toBe(
      200,
    );
  });

  it('tokens that exist work on without a code (API-18)', async () => {
    const { enrol, statusOf, ann } = await setUp();
    await enrol();
    expect(await statusOf(ann.token)).toBe(200);
  });

  it('the e-mail address does not change while it is on (OWN-04)', async () => {
    const { enrol, call, ann, disable } = await setUp();
    await enrol();
    const payload = { username: 'ann@example.org', current_password: password };
    const change = () => call({ method: 'PUT', url: '/v1/user', headers: ann.headers, payload });
    expect(answer(await change())).toEqual([
      409,
      {
        error: 'mfa_enabled',
        error_description:
          'Disable the second factor before you change the e-mail address, and enable it again afterwards',
      },
    ]);
    await disable(password);
    expect((await change()).statusCode).toBe(200);
  });

  it('a new password by mail leaves it on', async () => {
    const { enrol, call, settled, mailedToken, login } = await setUp();
    await enrol();
    await call({ method: 'POST', url: '/v1/user/password-reset', payload: { username: 'ann@example.net' } });
    await settled();
    const payload = { token: mailedToken(), password: 'battery staple' };
    expect((await call({ method: 'PUT', url: '/v1/user/password-reset', payload })).statusCode).toBe(200);
    expect((await login({ password: 'battery staple' })).statusCode).toBe(403);
  });

  it('is switched off with the password, and everything of it is forgotten', async () => {
    const { enrol, disable, login } = await setUp();
    await enrol();
    expect(answer(await disable('wrong horse'))).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'The current password is wrong' },
    ]);
    expect((await login()).statusCode).toBe(403);
    expect(answer(await disable(password))).toEqual([200, { ok: true }]);
    expect((await login()).statusCode).toBe(200);
    expect(await store.db.selectFrom('mfa_recovery_codes').selectAll().execute()).toEqual([]);
    const row = await store.db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    expect([row.mfa_secret, row.mfa_enabled_at, row.mfa_last_step]).toEqual([null, null, null]);
    expect(answer(await disable(password))).toEqual([200, { ok: true }]);
  });

  it('an operator switches it off for somebody else, who gets a mail', async () => {
    const { enrol, call, addUser, ann, login, mailer, settled } = await setUp();
    await enrol();
    const op = await addUser('op@example.net', { operator: true });
    const off = (username: string, { headers } = op) =>
      call({ method: 'DELETE', url: `/v1/operator/users/${encodeURIComponent(username)}/mfa`, headers });
    expect((await off('ann@example.net', ann)).json().error).toBe('operator_only');
    expect((await login()).statusCode).toBe(403);
    const unknown = { error: 'user_not_found', error_description: 'There is no such account' };
    for (const username of ['nobody@example.net', 'wat']) expect(answer(await off(username))).toEqual([404, unknown]);
    const own = await off('op@example.net');
    expect([own.statusCode, own.json().error]).toEqual([409, 'own_account']);
    expect(mailer.sent).toEqual([]);
    for (let n = 0; n < 2; n++) expect(answer(await off('Ann@example.net'))).toEqual([200, { ok: true }]);
    await settled();
    expect(mailer.sent).toMatchObject([{ to: 'ann@example.net', subject: 'Your account asks for no code any more' }]);
    expect((await login()).statusCode).toBe(200);
    expect(await store.db.selectFrom('mfa_recovery_codes').selectAll().execute()).toEqual([]);
    expect((await call({ url: '/v1/user', headers: ann.headers })).json().mfa).toEqual({ enabled: false });
    const noted = store.db.selectFrom('audit_entries').select(['actor_id', 'subject_id']);
    const entries = await noted.where('operation', '=', 'disableUserMfa').execute();
    expect(entries).toEqual(Array(2).fill({ actor_id: op.id, subject_id: ann.id }));
  });
});
