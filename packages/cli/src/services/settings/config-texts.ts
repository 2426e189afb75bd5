import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';

/** What is in use. */
export interface ShownSettings {
  readonly profile: string;
  readonly api_url: string;
  readonly api_url_from: string;
  /** As it is shown: masked, unless the whole was asked for. */
  readonly access_token: string | null;
  readonly username: string | null;
}

export interface ListedProfile {
  readonly profile: string;
  readonly current: boolean;
  /** Undefined when it has none of its own, or its file cannot be read. */
  readonly api_url: string | undefined;
}

export function configText({ profile, api_url, access_token }: ShownSettings): readonly string[] {
  return [
    `Current profile: ${profile}`,
    `Using API: ${printable(api_url)}`,
    `Access token: ${access_token === null ? 'none' : printable(access_token)}`,
  ];
}

export function profileTable(profiles: readonly ListedProfile[]): readonly string[] {
  const rows = profiles.map(({ profile, current, api_url = '' }) => [
    `${printable(profile)}${current ? ' (current)' : ''}`,
    printable(api_url),
  ]);
  return tableOf(['Profile', 'API'], rows);
}

/** As much of a token as tells it from others. */
export function masked(token: string): string {
  return `…${token.length < 20 ? '' : token.slice(-4)}`;
}
