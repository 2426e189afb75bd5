import { defineCommand } from '../../program/define-command.ts';
import { flag } from '../../program/parameters.ts';
import { NEVER_RUN } from './devices-arguments.ts';

export const list = defineCommand({
  name: 'usb list',
  summary: 'List devices on USB of this machine',
  details: `Names come from the cloud when you are logged in; \`<unknown>\` says that it could not be asked. ${NEVER_RUN}`,
  options: {
    excludeDfu: flag('--exclude-dfu', 'leave out devices in DFU mode'),
    idsOnly: flag('--ids-only', 'print ids alone'),
  },
  examples: [
    { line: 'usb list', says: 'Name, id, platform and mode of each' },
    { line: 'usb list --ids-only', says: 'For scripts' },
  ],
  json: 'A list of `{ id, name, platform_id, platform, mode, device_os_version }`; with `--ids-only` of ids',
  rows: ['CLI-52'],
  desk: true,
  async run(input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { listDevices } = await import('../../services/usb/list-devices.ts');
    await listDevices(input, await openUsb(context), context);
  },
});
