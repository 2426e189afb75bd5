import { timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain-error.ts';
import type { Ambient } from './account-services.ts';
import { findClientRow } from './client-store.ts';
import { digest } from './secrets.ts';

/** The clients that published programs log in with; their secrets are public, so they identify and do not protect. */
const BUILT_IN: Readonly<Record<string, string>> = {
  particle: digest('particle'),
  'particle-api': digest('particle-api'),
  'particle-cli': digest('particle-cli'),
};

/** An old name of the command line program, which sends any secret or none (checklist A14). */
const PUBLIC_CLIENTS: readonly string[] = ['CLI2'];

export interface ClientCredentials {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  /** True when they came by HTTP Basic: then RFC 6749 section 5.2 wants 401 for wrong ones. */
  readonly byHeader: boolean;
}

export interface AuthenticatedClient {
  readonly id: string;
  /** The user who made it; undefined for a built-in one. */
  readonly ownerId?: string;
  readonly scope: string | null;
}

/** Proves an OAuth client by its secret. @throws DomainError `invalid_client`. */
export async function authenticateClient(
  ctx: Pick<Ambient, 'store'>,
  { id, secret, byHeader }: ClientCredentials,
): Promise<AuthenticatedClient> {
  if (id === undefined || id === '') throw invalidClient(byHeader);
  if (PUBLIC_CLIENTS.includes(id)) return { id, scope: null };
  const given = digest(secret ?? '');
  if (Object.hasOwn(BUILT_IN, id)) {
    if (!same(given, BUILT_IN[id])) throw invalidClient(byHeader);
    return { id, scope: null };
  }
  const row = await findClientRow(ctx.store.db, id);
  if (row === undefined || !same(given, row.secret_hash)) throw invalidClient(byHeader);
  return { id, ownerId: row.user_id, scope: row.scope };
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function invalidClient(byHeader: boolean): DomainError {
  const text = 'Client credentials are invalid';
  return byHeader
    ? new DomainError('unauthorized', 'invalid_client', text, { challenge: 'Basic realm="oauth"' })
    : new DomainError('invalid', 'invalid_client', text);
}
