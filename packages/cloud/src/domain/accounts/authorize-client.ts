import { days, minutes } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { deleteStaleCodes, insertAuthorizationCode } from './authorization-code-store.ts';
import { type Authorization, answerAddress, refusalAddress } from './authorize-request.ts';
import { type Credentials, checkPassword } from './check-password.ts';
import type { ConsoleSession } from './console-session.ts';
import type { GrantServices } from './grant-request.ts';
import { holdLoggedIn, holdSubject } from './hold-subject.ts';
import { digest, newId, newSecret } from './secrets.ts';
import { findToken } from './token-store.ts';
import type { User } from './user.ts';
import { verifySecondFactor } from './verify-second-factor.ts';

const CODE_LIFETIME = minutes(10);
/** A used code is remembered for this long after its end, so that a second use is noticed. */
const REMEMBER_CODES = days(1);

const DENIED = { error: 'access_denied', description: 'The account did not allow this' };
const NAME_TAKEN = {
  error: 'access_denied',
  description: 'This product has another customer with the e-mail address of the account',
};

/**
 * The owner of an account allows a client to act for it. For a client of a product the account becomes a customer of that product, unless it is one.
 * Only an account whose address is confirmed may: the client is told that address and takes it for the person's.
 * @returns where the browser goes: the client's address with a code of 10 minutes for one use.
 * @throws DomainError as `checkPassword` and `verifySecondFactor` do; `email_unverified`.
 */
export async function allowClient(
  ctx: Ambient,
  services: GrantServices,
  authorization: Authorization,
  credentials: Credentials & { readonly otp?: string | undefined },
): Promise<string> {
  const user = await checkPassword(ctx, services, credentials);
  await verifySecondFactor(ctx, services, user.id, credentials.otp);
  return giveCode(ctx, services, authorization, user, (db) =>
    holdLoggedIn(db, { kind: 'user', id: user.id }, user.passwordMark),
  );
}

/**
 * As `allowClient`, by an account whose browser is logged in to the console.
 * @throws DomainError `invalid_token` when that has ended meanwhile; `email_unverified`.
 */
export function allowClientAs(
  ctx: Ambient,
  services: Pick<GrantServices, 'customers'>,
  authorization: Authorization,
  { user, tokenId }: Pick<ConsoleSession, 'user' | 'tokenId'>,
): Promise<string> {
  return giveCode(ctx, services, authorization, user, async (db) => {
    await holdSubject(db, { kind: 'user', id: user.id });
    if ((await findToken(db, tokenId)) === undefined) {
      throw new DomainError('unauthorized', 'invalid_token', 'You are logged in no more');
    }
  });
}

/** @param hold throws when the account may not be spoken for any more; within the transaction */
async function giveCode(
  ctx: Ambient,
  services: Pick<GrantServices, 'customers'>,
  authorization: Authorization,
  user: User,
  hold: (db: Kysely<Tables>) => Promise<void>,
): Promise<string> {
  if (user.emailVerifiedAt === null) throw emailUnverified();
  const { productId } = authorization;
  const code = newSecret(ctx.entropy);
  const now = ctx.clock.now();
  const given = await ctx.store.db.transaction().execute(async (db) => {
    await hold(db);
    const linked = productId === null || (await services.customers.link(ctx, db, productId, user)) !== undefined;
    if (!linked) return false;
    await deleteStaleCodes(db, user.id, now - REMEMBER_CODES);
    await insertAuthorizationCode(db, {
      code_hash: digest(code),
      client_id: authorization.clientId,
      user_id: user.id,
      redirect_uri: authorization.redirectUri,
      redirect_uri_given: authorization.redirectUriGiven ? 1 : 0,
      code_challenge: authorization.codeChallenge,
      scope: authorization.scope,
      grant_id: newId(ctx.entropy),
      created_at: now,
      expires_at: now + CODE_LIFETIME,
      used_at: null,
    });
    return true;
  });
  return given ? answerAddress(authorization, { code }) : refusalAddress(authorization, NAME_TAKEN);
}

function emailUnverified(): DomainError {
  const text =
    'Confirm the e-mail address of your account first, with the link in the mail that was sent to it, and come back; ask for another mail by POST /v1/user/verification';
  return new DomainError('forbidden', 'email_unverified', text);
}

/** @returns where the browser goes when the owner of the account says no. */
export function denyClient(authorization: Authorization): string {
  return refusalAddress(authorization, DENIED);
}
