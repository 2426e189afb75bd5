import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, optionalArgument } from '../../program/parameters.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const notes = defineCommand({
  name: 'device notes',
  summary: 'Show the notes on a device, or write them',
  args: { device: deviceArgument, text: optionalArgument('New notes, in place of the old; shown when left out') },
  options: { clear: flag('--clear', 'take the notes away'), product: productOption },
  examples: [
    { line: 'device notes greenhouse', says: 'show them' },
    { line: 'device notes greenhouse "behind the tomatoes"', says: 'write them' },
  ],
  json: '`{ id, notes }`, with null for none',
  async run({ device, text, clear, product }, { cloud, out }) {
    if (clear && text !== undefined) throw usageError('Either new notes or --clear');
    if (!clear && text === undefined) {
      const [{ findDevice }, { valueLines }] = await Promise.all([
        import('../../services/devices/find-device.ts'),
        import('../../services/devices/device-text.ts'),
      ]);
      const found = await findDevice(cloud, device, product);
      if (found.notes === null) out.note('There are no notes on this device');
      out.result({ id: found.id, notes: found.notes }, found.notes === null ? [] : valueLines(found.notes));
      return;
    }
    const { changeDevice } = await import('../../services/devices/change-device.ts');
    const changed = await changeDevice({ cloud }, { device, product }, { notes: text ?? null });
    const { id, notes: kept = null } = changed;
    out.result({ id, notes: kept }, `${kept === null ? 'Took away' : 'Wrote'} the notes on device ${id}`);
  },
});
