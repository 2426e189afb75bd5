import type { Input, Output } from '@cloudchamber/contract';
import { ApiError } from '@cloudchamber/contract/client';

type Body = Exclude<NonNullable<Input<'createToken'>['body']>, FormData>;

export interface TokenWish {
  readonly username: string;
  readonly password: string;
  /** Empty where the account takes none. */
  readonly otp: string;
  /** 0 for a token that never expires. */
  readonly lifetimeSeconds: number;
}

/** The client that every cloud has, for programs that log in by password. */
const CLIENT = { client_id: 'particle', client_secret: 'particle' };

/**
 * Gets a token by password, and by a code in a second step where the account takes one (section 6 of the API notes).
 * @throws ApiError `invalid_grant` for a wrong password or code; `mfa_required` when the account takes a code and none was given
 */
export async function requestToken(
  createToken: (body: Body) => Promise<Output<'createToken'>>,
  { username, password, otp, lifetimeSeconds }: TokenWish,
): Promise<Output<'createToken'>> {
  try {
    return await createToken({ ...CLIENT, grant_type: 'password', username, password, expires_in: lifetimeSeconds });
  } catch (error) {
    const mfaToken = mfaTokenOf(error);
    if (mfaToken === undefined || otp === '') throw error;
    return createToken({ ...CLIENT, grant_type: 'urn:custom:mfa-otp', mfa_token: mfaToken, otp });
  }
}

function mfaTokenOf(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.code !== 'mfa_required') return undefined;
  const { body } = error;
  if (typeof body !== 'object' || body === null || !('mfa_token' in body)) return undefined;
  return typeof body.mfa_token === 'string' ? body.mfa_token : undefined;
}
