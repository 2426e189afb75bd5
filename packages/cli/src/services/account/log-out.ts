import { ApiError } from '@cloudchamber/contract/client';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import type { Context } from '../../program/context.ts';

interface LoggedOut {
  /** Whether there was a log-in. */
  readonly wasLoggedIn: boolean;
  readonly username: string | undefined;
  /** Whether the token is worth nothing any more. */
  readonly revoked: boolean;
}

/**
 * Revokes the saved token and forgets it; the address of the profile stays.
 * @param keepToken only forgets it, and asks nothing of the cloud
 * @throws CliError when the cloud does not answer: then the token is kept
 */
export async function logOut(
  { cloud, settings }: Pick<Context, 'cloud' | 'settings'>,
  { keepToken }: { readonly keepToken: boolean },
): Promise<LoggedOut> {
  if (settings.tokenFrom === 'environment') {
    throw usageError(
      'The token in use is that of CHAMBER_ACCESS_TOKEN or PARTICLE_ACCESS_TOKEN, which is not saved anywhere',
      'Unset it, and log out again.',
    );
  }
  if (settings.token === undefined) return { wasLoggedIn: false, username: undefined, revoked: false };
  const revoked = keepToken ? false : await revoke(cloud);
  await settings.files.change(settings.profile, { access_token: undefined, username: undefined });
  return { wasLoggedIn: true, username: settings.username, revoked };
}

/** @returns false for a token that was worth nothing already */
async function revoke(cloud: Context['cloud']): Promise<boolean> {
  try {
    await cloud.call('deleteCurrentToken');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    const { kind, message, requestId, status } = failureOf(error);
    throw new CliError(kind, `The token was not revoked, so you are still logged in: ${message}`, {
      next: '"chamber logout --keep-token" forgets it without the cloud; it stays good until it expires.',
      requestId,
      status,
      cause: error,
    });
  }
}
