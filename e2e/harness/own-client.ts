import { type Client, createClient, operations } from '@cloudchamber/contract';
import type { Account, CloudServer } from './cloud-server.ts';

const paths = Object.fromEntries(
  Object.entries(operations).map(([name, { method, path }]) => [name, [method, path] as const]),
);

/** The project's own typed client with an account's token: for routes that the published clients have no method for. */
export async function ownClient(server: CloudServer, account: Account = server.operator): Promise<Client> {
  const form = { grant_type: 'password', client_id: 'particle', client_secret: 'particle', ...account };
  const reply = await fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await reply.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`${account.username} cannot log in: ${reply.status}`);
  return createClient({ url: server.url, paths, fetch, headers: () => ({ authorization: `Bearer ${token}` }) });
}
