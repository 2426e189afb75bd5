import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, optionalArgument } from '../../program/parameters.ts';

export const config = defineCommand({
  name: 'config',
  aliases: ['profile'],
  summary: 'Show settings, change them, and change between profiles',
  details: `A profile is a group of settings: the address of a cloud, and the log-in there. One is in use; \`particle\` is, when none was ever chosen. The files in \`~/.particle\` are those of the published command line, and both can use them.

\`config <profile>\` makes a profile the one in use, and makes it when it is new. \`config <profile> <key> <value>\` changes a setting of any profile without changing to it. \`config <key> <value>\` changes one of the profile in use.

| Setting | What it is |
|---|---|
| \`apiUrl\` | the address of the cloud |
| \`useSudoForDfu\` | \`true\` to run dfu-util with sudo |
| \`username\` | whose log-in it is |

Other keys are kept for other programs, with a warning. A profile whose \`apiUrl\` changes loses its log-in: a token never goes to another cloud than its own.

The access token is masked unless \`--show-token\` is there. chamber never looks for newer versions of itself, so there is nothing to switch off.`,
  rows: ['CLI-71', 'CLI-72', 'CLI-73', 'CLI-74'],
  examples: [
    { line: 'config', says: 'what is in use' },
    { line: 'config local apiUrl http://localhost:8080', says: 'make a profile' },
    { line: 'config local', says: 'use it' },
    { line: 'config useSudoForDfu true', says: 'change a setting of the profile in use' },
    { line: 'config --list', says: 'all profiles' },
  ],
  json: '`{ profile, api_url, api_url_from, access_token, username }`; with `--list` a list of `{ profile, current, api_url }`; after a change `{ profile, key, value }`',
  args: {
    profile: optionalArgument('a profile, or the name of a setting', { complete: 'profile' }),
    key: optionalArgument('the name of a setting, or its value'),
    value: optionalArgument('the value of the setting'),
  },
  options: {
    list: flag('-l, --list', 'list the profiles'),
    showToken: flag('--show-token', 'show all of the access token'),
  },
  async run({ profile, key, value, list, showToken }, context) {
    const { settings } = context;
    const { KNOWN_SETTINGS } = await import('../../services/settings/change-setting.ts');
    const { listProfiles, showSettings } = await import('../../services/settings/show-settings.ts');
    if (list && profile !== undefined) throw usageError('--list takes no profile and no setting');
    if (list) return listProfiles(context);
    if (profile === undefined) return showSettings(context, showToken);
    const { setAndTell } = await import('./set-and-tell.ts');
    if (value !== undefined && key !== undefined) return setAndTell(context, { profile, key, value });
    if (key !== undefined) {
      const isProfile = !KNOWN_SETTINGS.includes(profile) && (await settings.files.list()).includes(profile);
      if (isProfile || KNOWN_SETTINGS.includes(key)) {
        throw usageError(
          `The value of "${key}" is missing`,
          `"chamber config get ${key} --profile ${profile}" prints it.`,
        );
      }
      return setAndTell(context, { profile: settings.profile, key: profile, value: key });
    }
    if (KNOWN_SETTINGS.includes(profile) || profile === 'access_token') {
      throw usageError(`"${profile}" is a setting, not a profile`, `"chamber config get ${profile}" prints it.`);
    }
    const { useProfile } = await import('../../services/settings/use-profile.ts');
    showSettings({ ...context, settings: await useProfile(context, profile) }, showToken);
  },
});
