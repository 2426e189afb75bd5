import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'Print who is logged in',
  details: 'Asks the cloud, so a token that has expired or was revoked ends with 3.',
  examples: [{ line: 'whoami', says: 'the e-mail address of the account' }],
  json: '`{ username, profile, api_url }`',
  async run(_input, { cloud, out, settings }) {
    const { username } = await cloud.call('getUser');
    out.result({ username, profile: settings.profile, api_url: settings.apiUrl }, printable(username));
  },
});
