import type { Ambient, ProductTokenRole } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { deleteCodesOfClient } from './authorization-code-store.ts';
import { parseClientScope } from './client-scopes.ts';
import {
  type ClientOwner,
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
/** Ids with four digits may run out for a common name; then come longer ones. */
const SHORT_IDS = 5;

/** An OAuth client of an account or a product (section 8 of the API notes). */
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
  /** Of a product's client: what whoever makes it may do there, which its tokens don't go beyond. */
  readonly role?: ProductTokenRole | undefined;
}

/** The clients of an account or product, oldest first. */
export async function listClients(ctx: Pick<Ambient, 'store'>, owner: ClientOwner): Promise<OauthClient[]> {
  return (await findClientRows(ctx.store.db, owner)).map(clientFromRow);
}

/**
 * Makes a client. Its id is its name in lower case and a number; its secret is told here only.
 * @throws DomainError `invalid` for a bad scope or redirect address, `limit_exceeded` for more than 100.
 */
export async function createClient(
  ctx: Ambient,
  owner: ClientOwner,
  input: NewClient,
): Promise<{ readonly client: OauthClient; readonly secret: string }> {
  const scope = parseClientScope(input.scope);
  const redirectUri = parseRedirectUri(input);
  if ((await countClients(ctx.store.db, owner)) >= MOST_CLIENTS) {
    const rule = `There are at most ${MOST_CLIENTS} clients: delete one that is not used`;
    throw new DomainError('limit_exceeded', 'too_many_clients', rule);
  }
  const secret = newSecret(ctx.entropy);
  for (let attempt = 0; ; attempt++) {
    const least = attempt < SHORT_IDS ? 1000 : 100_000_000;
    const row = {
      id: `${slug(input.name)}-${least + (ctx.entropy.bytes(4).readUInt32BE() % (9 * least))}`,
      user_id: owner.kind === 'user' ? owner.id : null,
      product_id: owner.kind === 'product' ? owner.id : null,
      name: input.name,
      type: input.type,
      secret_hash: digest(secret),
      redirect_uri: redirectUri,
      scope,
      role: owner.kind === 'product' ? (input.role ?? 'Developer') : null,
      created_at: ctx.clock.now(),
    };
    if (await insertClient(ctx.store.db, row)) return { client: clientFromRow(row), secret };
  }
}

/** Changes name or scope; the scope `none` clears it. Whoever changes the scope of a product's client also sets the role of its tokens. @throws DomainError `not_found`, also for the client of somebody else, or `invalid`. */
export async function updateClient(
  ctx: Pick<Ambient, 'store'>,
  owner: ClientOwner,
  id: string,
  change: Partial<Pick<NewClient, 'name' | 'scope' | 'role'>>,
): Promise<OauthClient> {
  const set = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.scope !== undefined && { scope: parseClientScope(change.scope) }),
    ...(change.scope !== undefined && owner.kind === 'product' && { role: change.role ?? 'Developer' }),
  };
  if (Object.keys(set).length === 0) {
    const row = await findClientRow(ctx.store.db, id);
    if (row === undefined || !isOwner(row, owner)) throw unknownClient();
    return clientFromRow(row);
  }
  const row = await updateClientRow(ctx.store.db, owner, id, set);
  if (row === undefined) throw unknownClient();
  return clientFromRow(row);
}

/** Deletes a client and revokes its tokens. @throws DomainError `not_found`, also for the client of somebody else. */
export async function deleteClient(
  ctx: Pick<Ambient, 'store'>,
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  owner: ClientOwner,
  id: string,
): Promise<void> {
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await deleteClientRow(db, owner, id))) throw unknownClient();
    await deleteCodesOfClient(db, id);
    await deleteRefreshTokens(db, 'client_id', id);
    return deleteAccessTokens(db, { client_id: id });
  });
  announce(services, revoked);
}

function isOwner(row: StoredClient, owner: ClientOwner): boolean {
  return owner.kind === 'user' ? row.user_id === owner.id : row.product_id === owner.id;
}

function clientFromRow(row: StoredClient): OauthClient {
  return { id: row.id, name: row.name, type: row.type, redirectUri: row.redirect_uri, scope: row.scope };
}

/** Spaces and line ends, which URL parsers drop, could make two readers see two addresses. */
const PRINTABLE = /^[\x21-\x7e]+$/;

function parseRedirectUri(input: NewClient): string | null {
  if (input.redirectUri === undefined || input.redirectUri === '') {
    if (input.type === 'installed') return null;
    throw new DomainError('invalid', 'invalid_request', 'A web client needs a redirect_uri');
  }
  const url = PRINTABLE.test(input.redirectUri) ? URL.parse(input.redirectUri) : null;
  const plain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  if (!plain || input.redirectUri.includes('#')) {
    const rule = 'redirect_uri must be an https address without fragment, name and password';
    throw new DomainError('invalid', 'invalid_request', rule);
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
