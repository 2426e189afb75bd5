import { ApiError } from '@cloudchamber/contract/client';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { profileHint } from '../settings/profile-hint.ts';
import { LASTING_SECONDS, requestToken } from './request-token.ts';

interface LogIn {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Stands for all else: it is checked and saved. */
  readonly token: string | undefined;
  readonly otp: string | undefined;
}

interface LoggedIn {
  /** Nobody's, when it is the token of a product. */
  readonly username: string | undefined;
}

type Surroundings = Pick<Context, 'cloud' | 'ask' | 'out' | 'settings' | 'yes'>;

/**
 * Logs in at the cloud of the settings, and saves its address, the token and whose it is in the profile.
 * @throws CliError of kind `usage` when the profile has the token of another cloud and nobody says that it may be replaced
 */
export async function logIn(context: Surroundings, { username, password, token, otp }: LogIn): Promise<LoggedIn> {
  const { cloud, ask, settings } = context;
  await mayReplace(context);
  if (token !== undefined) {
    const owner = await ownerOf(context, token);
    await save(context, token, owner);
    return { username: owner };
  }
  const initial = settings.username;
  const email =
    username ??
    (await ask.text(
      'Please enter your email address:',
      '--username <email>',
      initial === undefined ? {} : { initial },
    ));
  const granted = await requestToken(context, { username: email.trim(), password, otp, expiresIn: LASTING_SECONDS });
  const own = cloud.withToken(granted.accessToken);
  try {
    const owner = (await own.call('getUser')).username;
    await save(context, granted.accessToken, owner);
    return { username: owner };
  } catch (error) {
    // Nobody would ever know of it.
    await own.call('deleteCurrentToken').catch(() => {});
    throw error;
  }
}

async function save({ settings, cloud, out }: Surroundings, token: string, username: string | undefined) {
  await settings.files.change(settings.profile, { apiUrl: cloud.url, access_token: token, username });
  if (settings.tokenFrom === 'environment') {
    out.warn('CHAMBER_ACCESS_TOKEN or PARTICLE_ACCESS_TOKEN is set: commands use that token instead of this log-in.');
  }
}

async function ownerOf({ cloud }: Surroundings, token: string): Promise<string | undefined> {
  if (!/^[\x21-\x7e]+$/.test(token)) throw usageError('What came on standard input is no token');
  try {
    return (await cloud.withToken(token).call('getUser')).username;
  } catch (error) {
    // The token of a product is nobody's, and good all the same.
    if (error instanceof ApiError && error.status === 403) return undefined;
    if (error instanceof ApiError && error.status === 401) {
      throw new CliError('login', `${cloud.url} does not know this token`, { requestId: error.requestId, status: 401 });
    }
    throw error;
  }
}

async function mayReplace({ settings, ask, yes }: Surroundings): Promise<void> {
  if (!settings.foreignToken || yes) return;
  const found = `The profile "${settings.profile}" has a log-in for another cloud than ${settings.apiUrl}`;
  if (!ask.possible) throw usageError(found, `${profileHint(settings)} Or replace that log-in with --yes.`);
  if (await ask.confirm(`${found}. Replace it?`)) return;
  throw new CliError('failure', 'Nothing was changed', { next: profileHint(settings) });
}
