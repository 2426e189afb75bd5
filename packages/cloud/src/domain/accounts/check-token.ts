import type { Ambient, TokenActor } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';

/**
 * Whose token this is.
 * @throws DomainError `unauthorized` with the texts of section 3.3 of the API notes (API-47).
 */
export async function checkToken(
  ctx: Pick<Ambient, 'clock'>,
  services: Pick<AccountServices, 'tokens'>,
  token: string,
): Promise<TokenActor> {
  const known = await services.tokens.find(token);
  if (known === undefined) {
    throw new DomainError('unauthorized', 'invalid_token', 'The access token provided is invalid.');
  }
  if (known.expiresAt !== null && known.expiresAt <= ctx.clock.now()) {
    throw new DomainError('unauthorized', 'invalid_token', 'The access token provided has expired.');
  }
  return known.actor;
}
