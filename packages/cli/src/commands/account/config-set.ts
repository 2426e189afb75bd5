import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';

export const configSet = defineCommand({
  name: 'config set',
  aliases: ['profile set'],
  summary: 'Change a setting of the profile in use',
  details: 'The same as `config <key> <value>`. With `--profile` it changes another profile.',
  rows: ['CLI-72', 'CLI-73'],
  examples: [{ line: 'config set apiUrl https://cloud.example.net', says: 'the address of the cloud' }],
  json: '`{ profile, key, value }`',
  args: { key: argument('the name of the setting'), value: argument('its value') },
  async run({ key, value }, context) {
    const { setAndTell } = await import('./set-and-tell.ts');
    await setAndTell(context, { profile: context.settings.profile, key, value });
  },
});
