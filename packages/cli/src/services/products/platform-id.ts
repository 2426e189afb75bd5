import { platforms } from '@cloudchamber/wire';
import { usageError } from '../../failure/cli-error.ts';

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The platform of a word: its id, its short name, or a device type such as "Photon 2" in any spelling. @throws CliError of kind `usage` */
export function platformId(word: string): number {
  const found = platforms.find(({ id, name, displayName, deviceTypes }) =>
    [String(id), name, displayName, ...deviceTypes].some((one) => plain(one) === plain(word)),
  );
  if (found !== undefined) return found.id;
  throw usageError(`There is no platform "${word}"`, `Platforms: ${platforms.map(({ name }) => name).join(', ')}.`);
}

/** What can be chosen from. */
export function platformChoices(): { value: string; label: string }[] {
  return platforms.map(({ name, displayName }) => ({ value: name, label: displayName }));
}
