import { defineCommand } from '../../program/define-command.ts';

export const serverKeysList = defineCommand({
  name: 'server keys list',
  summary: 'List the keys of the cloud, and how many devices hold each',
  json: 'array of keys: `{ id, algorithm, public_key, fingerprint, created_at, retired_at, devices }`',
  rows: ['CLI-67'],
  async run(_input, context) {
    const { listServerKeys, serverKeyLines } = await import('../../services/server/list-server-keys.ts');
    const keys = await listServerKeys(context);
    context.out.result(keys, serverKeyLines(keys));
  },
});
