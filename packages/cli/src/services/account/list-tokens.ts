import { ApiError, type Client } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { accountName } from './account-name.ts';
import type { ListedToken } from './token-texts.ts';

interface Whose {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly otp: string | undefined;
}

/** The tokens of an account, which the cloud shows for its password alone. @throws CliError of kind `login` when it is wrong */
export async function listTokens(
  context: Pick<Context, 'cloud' | 'ask' | 'out' | 'settings'>,
  { username, password, otp }: Whose,
): Promise<readonly ListedToken[]> {
  const { cloud, ask, out } = context;
  out.note('Checking with the cloud...');
  const account = await accountName(context, username);
  const secret = password ?? (await ask.password('Please enter your password:', '--password-stdin'));
  const own = cloud.withPassword(account, secret);
  const tokens = await listed(own, otp).catch(async (error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'mfa_required') throw wrong(error);
    const code = await ask.text('Please enter a login code of your authenticator:', '--otp <code>');
    return listed(own, code.trim()).catch((again: unknown) => {
      throw again instanceof ApiError ? wrong(again) : again;
    });
  });
  const active = await currentId(context);
  return tokens.map(({ token, client, expires_at }) => ({ token, client, expires_at, active: token === active }));
}

async function listed(own: Client, otp: string | undefined) {
  return own.call('listTokens', otp === undefined ? {} : { query: { otp } });
}

function wrong(error: ApiError): Error {
  const { status, message, requestId } = error;
  if (status !== 400 && status !== 401) return error;
  return new CliError('login', message, { status, requestId, cause: error });
}

/** The id of the token in use. @returns undefined when there is none, or it is good for nothing */
export async function currentId({ cloud, settings }: Pick<Context, 'cloud' | 'settings'>): Promise<string | undefined> {
  if (settings.token === undefined) return undefined;
  try {
    return (await cloud.call('getCurrentToken')).token;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}
