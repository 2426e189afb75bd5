import { usageError } from '../failure/cli-error.ts';
import type { ProfileFiles, ProfileSettings } from './profile-files.ts';

const DEFAULT_API_URL = 'http://localhost:8080';

/** Where a setting came from: the first of these that has it. */
type Origin = 'flag' | 'environment' | 'profile' | 'default';

/** What commands go by: a flag before the environment before the profile. */
export interface Settings {
  readonly files: ProfileFiles;
  readonly profile: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly apiUrlFrom: Origin;
  /** Of this address; undefined when nobody is logged in there. */
  readonly token: string | undefined;
  readonly tokenFrom: 'environment' | 'profile' | undefined;
  /** Whom the profile's token belongs to, as far as it says so. */
  readonly username: string | undefined;
  /** The profile has a token that belongs to another address, which is never sent to this one. */
  readonly foreignToken: boolean;
  /** The whole profile. */
  readonly stored: ProfileSettings;
}

interface Sources {
  readonly files: ProfileFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly profile?: string | undefined; readonly apiUrl?: string | undefined };
}

/** Names of the environment, ours first. */
const variable = (env: Sources['env'], name: string): string | undefined => {
  const value = env[`CHAMBER_${name}`] ?? env[`PARTICLE_${name}`];
  return value === '' ? undefined : value;
};

/**
 * Reads what commands go by. A profile's token belongs to the profile's address: with another address from a flag or the environment it is not used, and a
 * token without an address was saved by another program for its own cloud.
 * @throws CliError when a file cannot be read, or an address is none
 */
export async function readSettings({ files, env, flags }: Sources): Promise<Settings> {
  const profile = flags.profile ?? variable(env, 'PROFILE') ?? (await files.current());
  const stored = await files.read(profile);
  const own = text(stored.apiUrl);
  const fromEnvironment = variable(env, 'API_URL');
  const given = flags.apiUrl ?? fromEnvironment;
  const apiUrl = addressIn(given ?? own ?? DEFAULT_API_URL);
  const kept = text(stored.access_token);
  const belongs = own !== undefined && addressIn(own) === apiUrl;
  const tokenOfEnvironment = variable(env, 'ACCESS_TOKEN');
  const keptToken = belongs ? kept : undefined;
  return {
    files,
    profile,
    apiUrl,
    apiUrlFrom:
      flags.apiUrl !== undefined
        ? 'flag'
        : given !== undefined
          ? 'environment'
          : own === undefined
            ? 'default'
            : 'profile',
    token: tokenOfEnvironment ?? keptToken,
    tokenFrom: tokenOfEnvironment !== undefined ? 'environment' : keptToken === undefined ? undefined : 'profile',
    username: belongs ? text(stored.username) : undefined,
    foreignToken: kept !== undefined && !belongs,
    stored,
  };
}

/** @throws CliError of kind `usage` for what is no http address */
export function addressIn(given: string): string {
  const address = given.trim().replace(/\/+$/, '');
  if (/^https?:\/\/[^?#]+$/.test(address) && URL.canParse(address)) return address;
  throw usageError(`The address of the cloud is a URL such as ${DEFAULT_API_URL}, not "${given}"`);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
