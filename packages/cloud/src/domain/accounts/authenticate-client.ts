import { timingSafeEqual } from 'node:crypto';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
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
  /** The account that it belongs to; undefined for a built-in one and for a product's. */
  readonly ownerId?: string;
  /** The product that it belongs to. */
  readonly productId?: number;
  readonly scope: string | null;
  /** Of a web client: where it wants browsers sent. */
  readonly webRedirect?: string;
  /** False for one that sent no secret where that is allowed: then it is only named. */
  readonly proven: boolean;
}

/**
 * Proves an OAuth client by its secret.
 * @param options.withoutSecret lets a client of an account or product come without one
 * @throws DomainError `invalid_client`.
 */
export async function authenticateClient(
  ctx: Pick<Ambient, 'store'>,
  { id, secret, byHeader }: ClientCredentials,
  options: { readonly withoutSecret?: boolean } = {},
): Promise<AuthenticatedClient> {
  if (id === undefined || id === '') throw invalidClient(byHeader);
  if (PUBLIC_CLIENTS.includes(id)) return { id, scope: null, proven: true };
  const given = digest(secret ?? '');
  if (Object.hasOwn(BUILT_IN, id)) {
    if (!same(given, BUILT_IN[id])) throw invalidClient(byHeader);
    return { id, scope: null, proven: true };
  }
  const row = await findClientRow(ctx.store.db, id);
  if (row === undefined) throw invalidClient(byHeader);
  const proven = same(given, row.secret_hash);
  const noSecret = secret === undefined || secret === '';
  if (!proven && !(noSecret && options.withoutSecret)) throw invalidClient(byHeader);
  return {
    id,
    ...(row.user_id !== null && { ownerId: row.user_id }),
    ...(row.product_id !== null && { productId: row.product_id }),
    ...(row.type === 'web' && row.redirect_uri !== null && { webRedirect: row.redirect_uri }),
    scope: row.scope,
    proven,
  };
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

export function invalidClient(byHeader: boolean): DomainError {
  const text = 'Client credentials are invalid';
  return byHeader
    ? new DomainError('unauthorized', 'invalid_client', text, { challenge: 'Basic realm="oauth"' })
    : new DomainError('invalid', 'invalid_client', text);
}
