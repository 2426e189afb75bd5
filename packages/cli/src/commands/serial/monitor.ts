import { defineCommand } from '../../program/define-command.ts';
import { flag } from '../../program/parameters.ts';
import { portOption } from './port-option.ts';

export const serialMonitor = defineCommand({
  name: 'serial monitor',
  summary: 'Echo what a device prints on its serial port',
  details:
    'Nothing is sent to the device. Colours are shown; other escape sequences, which could steer your terminal, are left out unless you say `--raw`. Ctrl-C ends it.\n\nTested on a pseudo-terminal, and never run on real hardware.',
  options: {
    port: portOption,
    follow: flag('--follow', 'open the port again when it goes away'),
    raw: flag('--raw', 'pass on escape sequences too'),
  },
  examples: [{ line: 'serial monitor --port /dev/ttyACM0 --follow', says: 'over restarts of the device' }],
  json: '`{ line }`',
  stream: true,
  rows: ['CLI-48'],
  desk: true,
  async run({ port, follow, raw }, context) {
    const { openSerialHost } = await import('../../services/serial/open-serial-host.ts');
    const { choosePort } = await import('../../services/serial/choose-port.ts');
    const { monitor } = await import('../../services/serial/monitor.ts');
    const host = await openSerialHost();
    const { path } = await choosePort(port, host, context);
    await monitor({ path, host, follow, raw }, context);
  },
});
