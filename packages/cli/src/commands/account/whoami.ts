import { defineCommand } from '../../program/define-command.ts';

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'Print who is logged in',
  json: '`{ username, profile, api_url }`',
  async run(_input, { cloud, out, settings }) {
    const { username } = await cloud.call('getUser');
    out.result({ username, profile: settings.profile, api_url: settings.apiUrl }, username);
  },
});
