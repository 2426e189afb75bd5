import { defineCommand } from '../../program/define-command.ts';
import { restArguments } from '../../program/parameters.ts';

export const serve = defineCommand({
  name: 'serve',
  summary: 'Run a cloud of your own on this machine',
  details:
    'Settings come from flags, the environment and `.env` of the working folder: `--http-port 8080` is `CHAMBER_HTTP_PORT`. `chamber serve -- --help` lists all of them. It needs Node 24, runs until Ctrl-C or SIGTERM, and ends with the exit code of the cloud.',
  args: { settings: restArguments('settings of the cloud, such as --http-port 8080', { anyOptions: true }) },
  examples: [{ line: 'serve --data ./cloud --http-port 8080', says: 'Keep its data in ./cloud' }],
  json: 'nothing of its own: stdout is that of the cloud',
  async run({ settings }, context) {
    const { runServer } = await import('../../services/server/run-server.ts');
    await runServer(settings, context);
  },
});
