import Particle from 'particle-api-js';
import type { Account, CloudServer } from './cloud-server.ts';

/** What a refused call looks like to a caller of particle-api-js: the status, and the body as the server sent it. */
export interface Refusal {
  readonly status: number | undefined;
  readonly body: unknown;
}

/** The published client, as anybody would point it at a server of their own. */
export function clientOf(server: CloudServer, options: { auth?: string } = {}): Particle {
  return new Particle({ baseUrl: server.url, ...options });
}

/** The published client, logged in. */
export async function logIn(server: CloudServer, account: Account = server.operator): Promise<Particle> {
  const { body } = await clientOf(server).login(account);
  return clientOf(server, { auth: body.access_token });
}

/** Makes an account through the client and logs in. */
export async function signUp(server: CloudServer, account: Account): Promise<Particle> {
  await clientOf(server).createUser({ ...account, accountInfo: {} });
  return logIn(server, account);
}

/** How the call was refused. @throws Error when it was not */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`a refusal was expected, not ${JSON.stringify(outcome.value)}`);
  const { statusCode, body } = outcome.error as { statusCode?: number; body?: object };
  // The client puts its own response object into the body.
  const { response: _, ...own } = (body ?? {}) as { response?: unknown };
  return { status: statusCode, body: own };
}
