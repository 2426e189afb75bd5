import { defineCommand } from '../../program/define-command.ts';
import { argument, flag } from '../../program/parameters.ts';

export const configGet = defineCommand({
  name: 'config get',
  aliases: ['profile get'],
  summary: 'Print a setting of the profile in use',
  details: '`apiUrl` is the address that commands use: a flag or the environment comes before the profile.',
  examples: [{ line: 'config get apiUrl', says: 'the address of the cloud' }],
  json: '`{ key, value }`',
  args: { key: argument('the name of the setting') },
  options: { showToken: flag('--show-token', 'with access_token: show all of it') },
  async run({ key, showToken }, context) {
    const { showSetting } = await import('../../services/settings/show-settings.ts');
    showSetting(context, { key, showToken });
  },
});
