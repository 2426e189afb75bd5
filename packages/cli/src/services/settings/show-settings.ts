import { CliError } from '../../failure/cli-error.ts';
import type { Settings } from '../../profile/settings.ts';
import type { Context } from '../../program/context.ts';
import { configText, type ListedProfile, masked, profileTable, type ShownSettings } from './config-texts.ts';

const ORIGINS: ReadonlyMap<Settings['apiUrlFrom'], string> = new Map([
  ['flag', '--api-url'],
  ['environment', 'CHAMBER_API_URL or PARTICLE_API_URL'],
]);

/** Prints what commands go by. */
export function showSettings({ settings, out }: Pick<Context, 'settings' | 'out'>, showToken: boolean): void {
  const { profile, apiUrl, apiUrlFrom, token, tokenFrom, username } = settings;
  const shown: ShownSettings = {
    profile,
    api_url: apiUrl,
    api_url_from: apiUrlFrom,
    access_token: token === undefined ? null : showToken ? token : masked(token),
    username: username ?? null,
  };
  out.result(shown, configText(shown));
  const origin = ORIGINS.get(apiUrlFrom);
  if (origin !== undefined) out.note(`The address comes from ${origin}, not from the profile.`);
  if (tokenFrom === 'environment') out.note('The token comes from CHAMBER_ACCESS_TOKEN or PARTICLE_ACCESS_TOKEN.');
  if (token !== undefined && !showToken) out.note('The token is masked: --show-token shows all of it.');
  if (settings.foreignToken) out.note('The profile has a log-in for another cloud, which is never sent to this one.');
}

/** Prints the profiles that there are. */
export async function listProfiles({ settings, out }: Pick<Context, 'settings' | 'out'>): Promise<void> {
  const { files, profile: current } = settings;
  const names = [...new Set([...(await files.list()), current])].sort();
  const profiles = await Promise.all(
    names.map(async (profile): Promise<ListedProfile> => {
      const { apiUrl } = await files.read(profile).catch(() => ({ apiUrl: undefined }));
      return { profile, current: profile === current, api_url: typeof apiUrl === 'string' ? apiUrl : undefined };
    }),
  );
  const data = profiles.map((profile) => ({ ...profile, api_url: profile.api_url ?? null }));
  out.result(data, profileTable(profiles));
}

/** Prints one setting of the profile in use. @throws CliError of kind `not-found` when it is not set */
export function showSetting(
  { settings, out }: Pick<Context, 'settings' | 'out'>,
  { key, showToken }: { readonly key: string; readonly showToken: boolean },
): void {
  const value = key === 'apiUrl' ? settings.apiUrl : settings.stored[key];
  if (value === undefined || value === null) {
    throw new CliError('not-found', `The profile "${settings.profile}" has no setting "${key}"`);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = key === 'access_token' && !showToken ? masked(text) : value;
  if (shown !== value) out.note('The token is masked: --show-token shows all of it.');
  out.result({ key, value: shown }, typeof shown === 'string' ? shown : text);
}
