import { CliError, usageError } from '../../failure/cli-error.ts';
import type { ProfileSettings } from '../../profile/profile-files.ts';
import { addressIn, type Settings } from '../../profile/settings.ts';
import type { Context } from '../../program/context.ts';

/** Settings that chamber goes by. All others are other programs' and kept as they are. */
export const KNOWN_SETTINGS: readonly string[] = ['apiUrl', 'useSudoForDfu', 'username'];
/** Where a log-in is kept; only log-ins write it. */
const TOKEN = 'access_token';

interface Change {
  readonly profile: string;
  readonly key: string;
  /** As it was typed. */
  readonly value: string;
}

/**
 * Changes a setting of a profile, which need not exist yet. With another address a profile loses its log-in: tokens never go to another cloud than their own.
 * @returns the value as it is kept
 * @throws CliError of kind `usage` for a value that cannot be, or when a log-in would be lost and nobody can be asked
 */
export async function changeSetting(
  { settings, ask, out, yes }: Pick<Context, 'ask' | 'out' | 'yes'> & { readonly settings: Pick<Settings, 'files'> },
  { profile, key, value }: Change,
): Promise<string | boolean> {
  if (key === TOKEN) {
    throw usageError(
      'An access token is saved by logging in, which also checks it',
      'Pipe it into "chamber login --token-stdin".',
    );
  }
  const { files } = settings;
  if (key !== 'apiUrl') {
    const kept = key === 'useSudoForDfu' ? truth(key, value) : value;
    await files.change(profile, { [key]: kept });
    if (!KNOWN_SETTINGS.includes(key)) {
      out.warn(`chamber has no setting "${key}": it is kept for other programs that read the profile.`);
    }
    return kept;
  }
  const address = addressIn(value);
  const before = await files.read(profile);
  const loses = typeof before[TOKEN] === 'string' && addressOf(before) !== address;
  if (loses && !yes) {
    const old = addressOf(before) ?? 'another cloud';
    const question = `The profile "${profile}" has a log-in for ${old}, which would be forgotten with another address`;
    const next = `Choose another name for a new profile, or forget that log-in with --yes.`;
    if (!ask.possible) throw usageError(question, next);
    if (!(await ask.confirm(`${question}. Change it?`))) throw new CliError('failure', 'Nothing was changed', { next });
  }
  await files.change(profile, { apiUrl: address, ...(loses && { [TOKEN]: undefined, username: undefined }) });
  return address;
}

function addressOf({ apiUrl }: ProfileSettings): string | undefined {
  if (typeof apiUrl !== 'string') return undefined;
  try {
    return addressIn(apiUrl);
  } catch {
    return apiUrl;
  }
}

function truth(key: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw usageError(`${key} is true or false, not "${value}"`);
}
