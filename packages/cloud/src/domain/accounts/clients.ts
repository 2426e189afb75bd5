import { DomainError } from '../domain-error.ts';
import type { AccountServices, UserContext } from './account-services.ts';
import {
  countClients,
  deleteClientRow,
  findClientRow,
  findClientRows,
  insertClient,
  type StoredClient,
  updateClientRow,
} from './client-store.ts';
import { announce } from './revoke-tokens.ts';
import { digest, newSecret } from './secrets.ts';
import { deleteAccessTokens, deleteRefreshTokens } from './token-store.ts';

const MOST_CLIENTS = 100;
const SCOPES: readonly string[] = ['customers:create', '*:*'];

/** An OAuth client that a user made (section 8 of the API notes). */
export interface OauthClient {
  readonly id: string;
  readonly name: string;
  readonly type: 'installed' | 'web';
  readonly redirectUri: string | null;
  /** Space-separated, or null. */
  readonly scope: string | null;
}

export interface NewClient {
  readonly name: string;
  readonly type: 'installed' | 'web';
  readonly redirectUri?: string | undefined;
  readonly scope?: string | undefined;
}

/** The clients of the account, oldest first. */
export async function listClients(ctx: UserContext): Promise<OauthClient[]> {
  return (await findClientRows(ctx.store.db, ctx.actor.userId)).map(clientFromRow);
}

/**
 * Makes a client. Its id is its name in lower case and a number; its secret is told here only.
 * @throws DomainError `invalid` for a bad scope or redirect address, `limit_exceeded` for more than 100.
 */
export async function createClient(
  ctx: UserContext,
  input: NewClient,
): Promise<{ readonly client: OauthClient; readonly secret: string }> {
  const scope = parseScope(input.scope);
  const redirectUri = parseRedirectUri(input);
  if ((await countClients(ctx.store.db, ctx.actor.userId)) >= MOST_CLIENTS) {
    throw new DomainError('limit_exceeded', 'too_many_clients', `An account has at most ${MOST_CLIENTS} clients`);
  }
  const secret = newSecret(ctx.entropy);
  for (;;) {
    const row = {
      id: `${slug(input.name)}-${1000 + (ctx.entropy.bytes(4).readUInt32BE() % 9000)}`,
      user_id: ctx.actor.userId,
      name: input.name,
      type: input.type,
      secret_hash: digest(secret),
      redirect_uri: redirectUri,
      scope,
      created_at: ctx.clock.now(),
    };
    if (await insertClient(ctx.store.db, row)) return { client: clientFromRow(row), secret };
  }
}

/** Changes name or scope; the scope `none` clears it. @throws DomainError `not_found`, also for the client of somebody else, or `invalid`. */
export async function updateClient(
  ctx: UserContext,
  id: string,
  change: { readonly name?: string | undefined; readonly scope?: string | undefined },
): Promise<OauthClient> {
  const set = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.scope !== undefined && { scope: parseScope(change.scope) }),
  };
  if (Object.keys(set).length === 0) {
    const row = await findClientRow(ctx.store.db, id);
    if (row?.user_id !== ctx.actor.userId) throw unknownClient();
    return clientFromRow(row);
  }
  const row = await updateClientRow(ctx.store.db, ctx.actor.userId, id, set);
  if (row === undefined) throw unknownClient();
  return clientFromRow(row);
}

/** Deletes a client and revokes its tokens. @throws DomainError `not_found`, also for the client of somebody else. */
export async function deleteClient(
  ctx: UserContext,
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  id: string,
): Promise<void> {
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await deleteClientRow(db, ctx.actor.userId, id))) throw unknownClient();
    await deleteRefreshTokens(db, 'client_id', id);
    return deleteAccessTokens(db, { client_id: id });
  });
  announce(services, revoked);
}

function clientFromRow(row: StoredClient): OauthClient {
  return { id: row.id, name: row.name, type: row.type, redirectUri: row.redirect_uri, scope: row.scope };
}

function parseScope(text: string | undefined): string | null {
  const words = (text ?? '').split(/\s+/).filter((word) => word !== '');
  if (words.length === 0 || (words.length === 1 && words[0] === 'none')) return null;
  const unknown = words.find((word) => !SCOPES.includes(word));
  if (unknown !== undefined) throw new DomainError('invalid', 'invalid_scope', 'scope takes customers:create and *:*');
  return [...new Set(words)].join(' ');
}

function parseRedirectUri(input: NewClient): string | null {
  if (input.redirectUri === undefined || input.redirectUri === '') {
    if (input.type === 'installed') return null;
    throw new DomainError('invalid', 'invalid_request', 'A web client needs a redirect_uri');
  }
  const url = URL.parse(input.redirectUri);
  if (url?.protocol !== 'https:' || url.hash !== '') {
    throw new DomainError('invalid', 'invalid_request', 'redirect_uri must be an https address without fragment');
  }
  return input.redirectUri;
}

function slug(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['client'];
  return words.join('-').slice(0, 40).replace(/-$/, '');
}

function unknownClient(): DomainError {
  return new DomainError('not_found', 'client_not_found', 'There is no such client');
}
