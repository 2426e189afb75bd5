import { defineCommand } from '../../program/define-command.ts';
import { flag, optionalArgument } from '../../program/parameters.ts';

export const virtualStop = defineCommand({
  name: 'virtual stop',
  summary: 'Stop virtual devices',
  details:
    'They say Goodbye, and their process is gone when this returns. Generations of Device OS before 2.3 have no Goodbye: the cloud notices after a while that they are gone. Their ids and keys stay: the next start is the same devices.',
  args: { name: optionalArgument('the name that they were started under; "default" when left out') },
  options: { all: flag('--all', 'all that run') },
  examples: [
    { line: 'virtual stop', says: 'those that were started without a name' },
    { line: 'virtual stop --all', says: 'all of this machine' },
  ],
  json: 'a list of `{ name, pid }`',
  async run(input, context) {
    const { stopVirtual } = await import('../../services/virtual/stop-virtual.ts');
    const stopped = await stopVirtual(input, context);
    context.out.result(
      stopped,
      stopped.map(({ name, pid }) => `Stopped ${name} (process ${pid})`),
    );
  },
});
