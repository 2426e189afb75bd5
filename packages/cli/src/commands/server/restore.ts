import { defineCommand } from '../../program/define-command.ts';
import { argument, textOption } from '../../program/parameters.ts';

export const restore = defineCommand({
  name: 'restore',
  summary: 'Make the data folder of a cloud from a backup',
  details:
    'The backup is checked whole before anything is written. A folder that is not empty is moved aside after a question, and never deleted; one that a running cloud uses is refused. Sessions of devices are left out, so each device handshakes once. It needs Node 24.',
  args: { file: argument('file that `chamber backup` made', { complete: 'file' }) },
  options: {
    data: textOption('--data <dir>', 'where it goes (CHAMBER_DATA, or ./data)', { complete: 'folder' }),
  },
  examples: [{ line: 'restore cloud-chamber-20260131T235959Z.tar.gz --data ./cloud', says: 'Into ./cloud' }],
  json: '`{ data, bytes, files, made_at, version, moved_to }`; `moved_to` is where the folder is that was there, or null',
  async run({ file, data }, context) {
    const { restoreText, runRestore } = await import('../../services/server/run-restore.ts');
    const { notes, ...restored } = await runRestore({ file, data }, context);
    context.out.result(restored, restoreText(restored));
    for (const note of notes) context.out.warn(note);
  },
});
