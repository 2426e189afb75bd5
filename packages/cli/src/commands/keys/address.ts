import { defineCommand } from '../../program/define-command.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const address = defineCommand({
  name: 'keys address',
  summary: 'Print where the device on USB finds its cloud',
  details: `The device is put into DFU mode and restarts afterwards, unless it was in DFU mode. ${NEVER_RUN}`,
  examples: [{ line: 'keys address', says: 'Such as udp://$id.udp.particle.io:5684' }],
  json: '`{ id, address, is_default }`',
  rows: ['CLI-68', 'CON-24'],
  desk: true,
  async run(_input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { showServerAddress } = await import('../../services/keys/server-key.ts');
    await showServerAddress(await openUsb(context), context);
  },
});
