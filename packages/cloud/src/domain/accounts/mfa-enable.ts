import { minutes } from '@cloudchamber/kernel';
import type { UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { confirmPassword } from './confirm-password.ts';
import { mails } from './mails.ts';
import { deleteMfa, insertMfa } from './mfa-store.ts';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';
import { announce, deleteOtherTokens } from './revoke-tokens.ts';
import { openNote, sealNote } from './sealed-note.ts';
import { tellOwner } from './tell-owner.ts';
import { describeTotp, newTotpSecret, totpStep } from './totp.ts';
import { findUserByName, getUser } from './user.ts';
import { mfaContext, wrongCode } from './verify-second-factor.ts';

const OFFER_LIFETIME = minutes(30);
const OFFER = 'mfa-offer';

interface Offer {
  readonly userId: string;
  /** Base64. */
  readonly secret: string;
  readonly until: number;
}

/** A secret for the account's authenticator, not in force yet. */
export interface MfaOffer {
  /** Goes back to `enableMfa` within 30 minutes. */
  readonly mfaToken: string;
  /** `otpauth://totp/…`, what a QR code shows. */
  readonly uri: string;
  /** The same secret to be typed in, base32. */
  readonly secret: string;
}

/**
 * The first step to a second factor: a secret, of which the cloud keeps nothing until a code proves that an authenticator has it.
 * @throws DomainError `conflict` when the account has a second factor.
 */
export async function offerMfa(ctx: UserContext, services: Pick<AccountServices, 'secrets'>): Promise<MfaOffer> {
  const { userId } = ctx.actor;
  const user = await getUser(ctx, userId);
  if (user.mfaEnabled) throw alreadyOn();
  const secret = newTotpSecret(ctx.entropy);
  const until = ctx.clock.now() + OFFER_LIFETIME;
  const offer: Offer = { userId, secret: Buffer.from(secret).toString('base64'), until };
  return { ...describeTotp(secret, user.username), mfaToken: sealNote(services, OFFER, offer) };
}

/**
 * Switches the second factor on.
 * @returns ten recovery codes, each good for one log-in in place of a code; they are told here only.
 * @throws DomainError `invalid` for a wrong code or an offer that is old or somebody else's, `conflict` when it is on already.
 */
export async function enableMfa(
  ctx: UserContext,
  services: Pick<AccountServices, 'secrets' | 'tokens' | 'bus'>,
  input: { readonly mfaToken: string; readonly otp: string; readonly invalidateTokens: boolean },
): Promise<string[]> {
  const { userId, tokenId } = ctx.actor;
  const offer = openNote<Offer>(ctx, services, OFFER, input.mfaToken);
  if (offer?.userId !== userId) {
    throw new DomainError('invalid', 'invalid_request', 'mfa_token is not valid any more; begin again');
  }
  const secret = Buffer.from(offer.secret, 'base64');
  const now = ctx.clock.now();
  const digits = input.otp.replaceAll(' ', '');
  const step = /^\d{6}$/.test(digits) ? totpStep(secret, digits, now) : undefined;
  if (step === undefined) throw wrongCode();
  const codes = newRecoveryCodes(ctx.entropy);
  const sealed = services.secrets.seal(secret, mfaContext(userId));
  const mfa = { secret: sealed, at: now, step, codeHashes: codes.map(recoveryCodeHash) };
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await insertMfa(db, userId, mfa))) throw alreadyOn();
    return input.invalidateTokens ? deleteOtherTokens(db, { kind: 'user', id: userId }, tokenId) : [];
  });
  announce(services, revoked);
  return codes;
}

/**
 * Switches the second factor off; when it is off, nothing happens.
 * @throws DomainError as `confirmPassword`.
 */
export async function disableMfa(
  ctx: UserContext,
  services: Pick<AccountServices, 'hasher' | 'throttle'>,
  input: { readonly password: string; readonly address: string },
): Promise<void> {
  await confirmPassword(ctx, services, input);
  await ctx.store.db.transaction().execute((db) => deleteMfa(db, ctx.actor.userId));
}

/**
 * An operator switches off the second factor of somebody who can't give a code any more; the owner gets a mail. When it is off, nothing happens.
 * @param username the e-mail address, compared without case
 * @throws DomainError `not_found` (`user_not_found`); `conflict` (`own_account`) for the operator's own, which a token alone must not weaken.
 */
export async function disableMfaOf(
  ctx: UserContext,
  services: Pick<AccountServices, 'mailer' | 'aside'>,
  username: string,
): Promise<void> {
  const user = await findUserByName(ctx, username);
  if (user === undefined) throw new DomainError('not_found', 'user_not_found', 'There is no such account');
  if (user.id === ctx.actor.userId) throw ownAccount();
  if (!user.mfaEnabled) return;
  await ctx.store.db.transaction().execute((db) => deleteMfa(db, user.id));
  ctx.log.info({ user: user.id, operator: ctx.actor.userId }, 'second factor switched off by an operator');
  tellOwner(ctx, services, mails.mfaDisabled(user.username));
}

function ownAccount(): DomainError {
  const text = 'This is your own account: switch its second factor off with your password, by PUT /v1/user/mfa-disable';
  return new DomainError('conflict', 'own_account', text);
}

function alreadyOn(): DomainError {
  return new DomainError('conflict', 'mfa_enabled', 'The second factor is on already; disable it to change it');
}
