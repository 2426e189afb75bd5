import { hours } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { accountServer } from '../../../test/http/account-server.ts';
import type { Store } from '../../store/store.ts';

describeStores('account routes: the pages that mails lead to', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp() {
    const server = await accountServer(store);
    const { call, mailer, settled, ann } = server;
    const submit = (url: string, fields: Record<string, string>) =>
      call({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      });
    /** The link of the newest mail, without the host. */
    const link = () => /http:\/\/127\.0\.0\.1:8080(\S+)/.exec(mailer.sent.at(-1)?.text ?? '')?.[1] ?? '';
    const askReset = async () => {
      await call({ method: 'POST', url: '/v1/user/password-reset', payload: { username: 'ann@example.net' } });
      await settled();
    };
    const askVerification = () => call({ method: 'POST', url: '/v1/user/verification', headers: ann.headers });
    const verified = async () => (await call({ url: '/v1/user', headers: ann.headers })).json().email_verified;
    return { ...server, submit, link, askReset, askVerification, verified };
  }

  function expectPage(reply: LightMyRequestResponse, status: number, text: string): void {
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(reply.headers['referrer-policy']).toBe('no-referrer');
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.body).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(reply.body).not.toMatch(/<script|https?:|src=/);
    expect(reply.body).toContain(text);
  }

  it('opening the verification page changes nothing, its button does', async () => {
    const { call, submit, link, askVerification, mailedToken, verified } = await setUp();
    await askVerification();
    expectPage(await call(link()), 200, `<input type="hidden" name="token" value="${mailedToken()}">`);
    expect(await verified()).toBe(false);
    expectPage(await submit('/verify-email', { token: mailedToken() }), 200, 'Your e-mail address is confirmed.');
    expect(await verified()).toBe(true);
    expectPage(await submit('/verify-email', { token: mailedToken() }), 400, 'That link was used already');
  });

  it('the reset page sets the password once', async () => {
    const { call, submit, link, askReset, mailedToken, login } = await setUp();
    await askReset();
    const token = mailedToken();
    expectPage(await call(link()), 200, 'name="password" type="password" autocomplete="new-password"');
    const short = await submit('/reset-password', { token, password: 'short' });
    expectPage(short, 400, 'password must have 8 to 1024 characters');
    expect(short.body).toContain(`value="${token}"`);
    expectPage(
      await submit('/reset-password', { token, password: 'battery staple' }),
      200,
      'Your password was changed',
    );
    expect((await login({ password: 'battery staple' })).statusCode).toBe(200);
    expectPage(await submit('/reset-password', { token, password: 'other words' }), 400, 'That link was used already');
    expectPage(await call(`/reset-password?token=${token}`), 400, 'That link was used already');
    expect((await login({ password: 'battery staple' })).statusCode).toBe(200);
  });

  it('an old link and no link are told so', async () => {
    const { call, submit, link, askReset, clock } = await setUp();
    await askReset();
    clock.advance(hours(1));
    for (const url of [link(), '/reset-password', '/verify-email', '/verify-email?token=', '/reset-password?token='])
      expectPage(await call(url), 400, 'That link was used already');
    expectPage(await submit('/reset-password', { password: 'battery staple' }), 400, 'That link was used already');
    expectPage(await submit('/verify-email', {}), 400, 'That link was used already');
  });

  it('what stands in the address is text on the page, never markup', async () => {
    const { call } = await setUp();
    const evil = '"><script>alert(1)</script>';
    expectPage(await call(`/verify-email?token=${encodeURIComponent(evil)}`), 200, '&quot;&gt;&lt;script&gt;');
  });

  it('a password that is too long for any field is refused', async () => {
    const { submit } = await setUp();
    const reply = await submit('/reset-password', { token: 'x', password: 'x'.repeat(100_000) });
    expect([reply.statusCode, reply.json().error]).toEqual([400, 'invalid_request']);
  });
});
