import type { Settings } from '../../profile/settings.ts';

/** How to make a profile of its own for the address of the settings. @returns sentences */
export function profileHint({ profile, apiUrl }: Pick<Settings, 'profile' | 'apiUrl'>): string {
  const name = profile === 'local' ? 'chamber' : 'local';
  return `Make a profile for it with "chamber config ${name} apiUrl ${apiUrl}", change to it with "chamber config ${name}", and log in there.`;
}
