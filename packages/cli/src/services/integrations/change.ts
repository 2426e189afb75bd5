import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import type { Place } from '../place.ts';
import { readJsonObject } from '../read-json-object.ts';
import { type Integration, integrationsOf, type Settings } from './integrations-of.ts';
import { settingsOf } from './settings.ts';

interface Change {
  readonly place: Place;
  readonly id: string;
  /** All settings, in place of those that there are. */
  readonly file: string | undefined;
  /** Single settings; undefined ones stay. */
  readonly changes: { readonly [Key in 'event' | 'url' | 'name' | 'requestType']?: string | undefined };
}

/** Changes settings. @throws CliError of kind `usage` when there is nothing to change, or the file cannot be read */
export async function changeSettings(
  { cloud, cwd }: Pick<Context, 'cloud' | 'cwd'>,
  { place, id, file, changes }: Change,
): Promise<Integration> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (file === undefined && Object.keys(given).length === 0) {
    throw usageError('There is nothing to change', 'Give a JSON file with all settings, or --event, --url, --name.');
  }
  const { get, update } = integrationsOf(cloud, place);
  const settings: Settings = file === undefined ? settingsOf(await get(id)) : await readJsonObject(cwd, file);
  return update(id, { ...settings, ...given });
}

/** Enables or disables an integration; everything else stays. */
export async function switchIntegration(
  { cloud }: Pick<Context, 'cloud'>,
  { place, id, disabled }: { readonly place: Place; readonly id: string; readonly disabled: boolean },
): Promise<Integration> {
  const { get, update } = integrationsOf(cloud, place);
  return update(id, { ...settingsOf(await get(id)), disabled });
}
