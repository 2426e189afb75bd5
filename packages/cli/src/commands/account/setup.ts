import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { restArguments } from '../../program/parameters.ts';

export const setup = defineCommand({
  name: 'setup',
  summary: 'Say what sets devices up: this command is no longer available',
  details: 'Ends with 1.',
  rows: ['CLI-05'],
  examples: [{ line: 'setup', says: 'what to use instead' }],
  json: 'Nothing: it always fails',
  args: { rest: restArguments('anything') },
  async run(_input, { settings }) {
    throw new CliError('failure', 'This command is no longer available', {
      next: `Set a device up in the console of your cloud, ${settings.apiUrl}, or claim it with "chamber device add <id>". For Wi-Fi credentials there is "chamber serial wifi".`,
    });
  },
});
