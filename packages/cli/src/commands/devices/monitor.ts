import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, wholeNumber } from '../../program/parameters.ts';
import { productOption } from './parameters.ts';

export const monitor = defineCommand({
  name: 'monitor',
  aliases: ['variable monitor'],
  summary: 'Read a variable again and again until Ctrl-C',
  details:
    'A device is never asked before its last answer came. A device that is offline for a while is warned of and read again later. `all` stands for every device that has the variable; each line begins with the id then. With `--time` into a file or a program the output is CSV with a head, as spreadsheets open it.',
  args: {
    device: argument('Id or name of the device, or all', { complete: 'device' }),
    variable: argument('Name of the variable'),
    ms: argument('Milliseconds from one reading to the next, 500 or more'),
  },
  options: { time: flag('-t, --time', 'print when each value came, in UTC'), product: productOption },
  examples: [
    { line: 'monitor 0123456789abcdef78901234 temperature 5000', says: 'every five seconds' },
    { line: 'monitor all temperature 5000 --time > my_temperatures.csv', says: 'all devices, into a spreadsheet' },
  ],
  json: '`{ time, id, name, variable, value }`',
  stream: true,
  rows: ['CLI-41'],
  async run({ ms, ...wanted }, { cloud, out, clock, interrupted }) {
    const intervalMs = wholeNumber(ms, '<ms>');
    const { monitorVariable } = await import('../../services/devices/monitor-variable.ts');
    const { wait } = await import('../../services/wait.ts');
    const pause = (pauseMs: number) => wait(pauseMs, interrupted);
    await monitorVariable({ cloud, out, clock, pause }, { ...wanted, intervalMs });
  },
});
