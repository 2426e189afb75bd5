import { defineCommand } from '../../program/define-command.ts';
import { textOption } from '../../program/parameters.ts';

export const backup = defineCommand({
  name: 'backup',
  summary: 'Copy the data folder of a cloud on this machine into one file, also while it runs',
  details:
    'The file holds the database as it is at this moment, the key that reads its secrets, and all other files of the folder: keep it as safe as the folder itself. Settings come from the environment and `.env` of the working folder, as for `chamber serve`. With `DATABASE_URL` the database is not in it, and is backed up with `pg_dump`. It needs Node 24.',
  options: {
    data: textOption('--data <dir>', 'data folder of the cloud (CHAMBER_DATA, or ./data)', { complete: 'folder' }),
    out: textOption('--out <file>', 'a new file (cloud-chamber-TIME.tar.gz)', { complete: 'file' }),
  },
  examples: [
    { line: 'backup --data ./cloud', says: 'Into a file of the working folder, named by the time' },
    { line: 'backup --data ./cloud --out /mnt/backups/monday.tar.gz', says: 'Into a file of your choice' },
  ],
  json: '`{ file, bytes, files }`',
  async run({ data, out: file }, context) {
    const { backupText, runBackup } = await import('../../services/server/run-backup.ts');
    const { notes, ...made } = await runBackup({ data, out: file }, context);
    context.out.result(made, backupText(made));
    for (const note of notes) context.out.warn(note);
  },
});
