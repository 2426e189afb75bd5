import { ApiError } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

/** As the published command line calls itself: every cloud knows it. */
const CLIENT = { client_id: 'particle-cli', client_secret: 'particle-cli' } as const;
/** What a log-in lasts when nobody says otherwise, in seconds: 90 days. */
export const LASTING_SECONDS = 90 * 24 * 60 * 60;
const MOST_TRIES = 3;

interface Request {
  readonly username: string;
  /** Is asked for when left out. */
  readonly password: string | undefined;
  /** Of the authenticator, or a recovery code; is asked for when the account has a second factor and it is left out. */
  readonly otp: string | undefined;
  /** Seconds; 0 for a token that never expires. */
  readonly expiresIn: number;
}

interface Granted {
  readonly accessToken: string;
  /** Seconds; 0 means never. */
  readonly expiresIn: number;
}

/**
 * Asks the cloud for a token by password, and by a code where the account has a second factor. What was typed wrong is asked for again, three times in all; what
 * was given is not.
 * @throws CliError of kind `login` when password or code are wrong, `usage` when something must be asked for and there is no terminal
 */
export async function requestToken(
  { cloud, ask, out }: Pick<Context, 'cloud' | 'ask' | 'out'>,
  { username, password, otp, expiresIn }: Request,
): Promise<Granted> {
  const grant = async (body: Record<string, string | number>): Promise<Granted> => {
    const reply = await cloud.anonymous.call('createToken', { body: { ...CLIENT, ...body } });
    return { accessToken: reply.access_token, expiresIn: reply.expires_in };
  };
  const tried = { out, url: cloud.url };
  const first = await inTries(tried, password, async (given) => {
    const secret = given ?? (await ask.password('Please enter your password:', '--password-stdin'));
    const body = { grant_type: 'password', username, password: secret, expires_in: expiresIn };
    return grant(body).catch((error: unknown) => ({ mfaToken: mfaTokenIn(error) }));
  });
  if ('accessToken' in first) return first;
  return inTries(tried, otp, async (given) => {
    const code = given ?? (await ask.text('Please enter a login code of your authenticator:', '--otp <code>'));
    return grant({ grant_type: 'urn:custom:mfa-otp', mfa_token: first.mfaToken, otp: code.trim() });
  });
}

async function inTries<T>(
  { out, url }: { readonly out: Context['out']; readonly url: string },
  given: string | undefined,
  attempt: (given: string | undefined) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(given);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'invalid_grant') throw error;
      if (given !== undefined || tries === MOST_TRIES) throw refused(error, url);
      out.warn(`${error.message}. Try again.`);
    }
  }
}

function refused(error: ApiError, url: string): CliError {
  return new CliError('login', error.message, {
    status: error.status,
    requestId: error.requestId,
    cause: error,
    next: `This was asked of ${url}: "chamber config" shows what is in use, and --api-url names another cloud.`,
  });
}

/** @throws the error, when it is not the one that asks for a code */
function mfaTokenIn(error: unknown): string {
  if (error instanceof ApiError && error.code === 'mfa_required') {
    const { body } = error;
    if (typeof body === 'object' && body !== null && 'mfa_token' in body && typeof body.mfa_token === 'string') {
      return body.mfa_token;
    }
  }
  throw error;
}
