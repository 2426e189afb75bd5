import { defineCommand } from '../../program/define-command.ts';

export const virtualList = defineCommand({
  name: 'virtual list',
  summary: 'List the virtual devices of this machine, by the name they were started under',
  examples: [{ line: 'virtual list', says: 'what runs, since when and against which cloud' }],
  json: 'a list of `{ name, running, pid, count, cloud, since }`; of what does not run all but the name is null',
  async run(_input, { out, settings }) {
    const { listVirtual, virtualTable } = await import('../../services/virtual/list-virtual.ts');
    const all = await listVirtual(settings);
    out.result(all, virtualTable(all));
  },
});
