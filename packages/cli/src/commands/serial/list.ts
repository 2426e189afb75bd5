import { defineCommand } from '../../program/define-command.ts';

export const list = defineCommand({
  name: 'serial list',
  summary: 'List devices on the serial ports of this machine',
  details: 'Devices are known by their USB ids. Never run with real hardware plugged in.',
  json: 'a list of `{ port, type, platform_id, device_id }`',
  rows: ['CLI-47'],
  desk: true,
  async run(_input, { out }) {
    const { openSerialHost } = await import('../../services/serial/open-serial-host.ts');
    const { listDevices, listText } = await import('../../services/serial/list-devices.ts');
    const { WHERE_DEVICES_ARE } = await import('../../services/serial/choose-port.ts');
    const found = await listDevices(await openSerialHost());
    const data = found.devices.map(({ path, type, platformId = null, deviceId = null }) => ({
      port: path,
      type,
      platform_id: platformId,
      device_id: deviceId,
    }));
    out.result(data, listText(found.devices));
    if (data.length > 0) return;
    out.note(WHERE_DEVICES_ARE);
    if (found.others.length > 0) out.note(`Ports of other things, which --port can name: ${found.others.join(', ')}`);
  },
});
