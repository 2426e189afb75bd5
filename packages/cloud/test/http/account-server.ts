import { VirtualClock } from '@cloudchamber/testkit';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { TOTP } from 'otpauth';
import type { AccountServices } from '../../src/domain/accounts/index.ts';
import { type AccountHooks, accountRouteModule } from '../../src/http/routes/accounts.ts';
import { type TestServerOptions, testServer } from '../../src/http/test-server.ts';
import type { Store } from '../../src/store/store.ts';

type HooksOf = (services: AccountServices) => AccountHooks;

export const CLIENT = { client_id: 'particle', client_secret: 'particle' };
export const answer = (reply: LightMyRequestResponse) => [reply.statusCode, reply.json()];
export const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

/** For tests: the account routes over the one store, whose accounts of earlier tests are gone with all that hung on them. */
export async function accountServer(
  store: Store,
  options: TestServerOptions & { readonly hooks?: HooksOf | Partial<AccountHooks> } = {},
) {
  for (const table of [
    'organizations',
    'users',
    'access_tokens',
    'refresh_tokens',
    'mail_tokens',
    'customers',
    'products',
    'devices',
  ] as const)
    await store.db.deleteFrom(table).execute();
  const { hooks } = options;
  const clock = new VirtualClock();
  const server = await testServer(store, {
    clock,
    ...options,
    routes: (_ambient, services) => [
      accountRouteModule(services, typeof hooks === 'function' ? hooks(services) : hooks),
    ],
  });
  const call = (request: InjectOptions | string) => server.fastify.inject(request);
  const ann = await server.addUser('ann@example.net');
  const login = (fields: Record<string, unknown> = {}, extra: InjectOptions = {}) =>
    call({
      method: 'POST',
      url: '/oauth/token',
      payload: { grant_type: 'password', username: 'ann@example.net', password: 'correct horse', ...CLIENT, ...fields },
      ...extra,
    });
  const statusOf = async (token: string) =>
    (await call({ url: '/v1/user/identify', headers: { authorization: `Bearer ${token}` } })).statusCode;
  /** The token in the link of the newest mail. */
  const mailedToken = () => /\?token=([0-9a-f]{40})$/m.exec(server.mailer.sent.at(-1)?.text ?? '')?.[1] ?? 'no mail';
  const settled = () => server.services.aside.settled();
  return { ...server, clock, call, ann, login, statusOf, mailedToken, settled };
}

/** What an authenticator shows for the secret at `now`. */
export function codeAt(secret: string, now: number): string {
  return new TOTP({ secret }).generate({ timestamp: now });
}
