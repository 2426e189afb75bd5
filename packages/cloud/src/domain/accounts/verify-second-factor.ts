import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { takeRecoveryCode, takeStep } from './mfa-store.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import { totpStep } from './totp.ts';
import { findUserRow, type StoredUser } from './user-store.ts';

const LONGEST_CODE = 100;

type SecondFactorServices = Pick<AccountServices, 'secrets' | 'throttle'>;

/**
 * Asks for a code where the account has a second factor, after its password was right. Each code is good once; ten wrong ones in a row block the
 * account's codes for 30 minutes, wherever they come from.
 * @param otp the six digits of an authenticator, or a recovery code
 * @throws DomainError `mfa_required` when there was no code, `invalid_grant` when it is wrong, `limit_exceeded` while codes are blocked.
 */
export async function verifySecondFactor(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: SecondFactorServices,
  userId: string,
  otp: string | undefined,
): Promise<void> {
  const row = await findUserRow(ctx.store.db, 'id', userId);
  if (row === undefined || row.mfa_secret === null || row.mfa_enabled_at === null) return;
  if (otp === undefined || otp.trim() === '') throw mfaRequired();
  const attempt = services.throttle.begin(`second factor of ${userId}`, '');
  let taken = false;
  try {
    taken = await takeCode(ctx, services, row, row.mfa_secret, otp.trim());
  } finally {
    if (taken) attempt.succeeded();
    else attempt.failed();
  }
  if (!taken) throw wrongCode();
}

/** @param mfaToken what the second step of a log-in brings along with the code. */
export function mfaRequired(mfaToken?: string): DomainError {
  const details = mfaToken === undefined ? {} : { body: { mfa_token: mfaToken } };
  return new DomainError('forbidden', 'mfa_required', 'Multifactor authentication required', details);
}

export function wrongCode(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'The code is wrong or was used already');
}

/** How the secret of an account is sealed. */
export const mfaContext = (userId: string): string => `mfa:${userId}`;

async function takeCode(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: SecondFactorServices,
  row: StoredUser,
  sealed: Uint8Array,
  code: string,
): Promise<boolean> {
  if (code.length > LONGEST_CODE) return false;
  const digits = code.replaceAll(' ', '');
  if (!/^\d{6}$/.test(digits)) {
    return takeRecoveryCode(ctx.store.db, row.id, recoveryCodeHash(code), ctx.clock.now());
  }
  const step = totpStep(services.secrets.open(sealed, mfaContext(row.id)), digits, ctx.clock.now());
  return step !== undefined && takeStep(ctx.store.db, row.id, step);
}
