import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const ping = defineCommand({
  name: 'device ping',
  summary: 'Ask whether a device answers now',
  details: 'Exit code 6 says that it does not.',
  args: { device: deviceArgument },
  options: { product: productOption },
  examples: [{ line: 'device ping greenhouse && echo "it lives"', says: 'in a script' }],
  json: '`{ id, name, online }`, where `online` is true',
  async run(place, { cloud, out }) {
    const [{ pingDevice }, { labelOf }] = await Promise.all([
      import('../../services/devices/change-device.ts'),
      import('../../services/devices/device-text.ts'),
    ]);
    const answer = await pingDevice({ cloud }, place);
    if (!answer.online) {
      const next = `"chamber device doctor ${answer.id}" tells why.`;
      throw new CliError('offline', `${labelOf(answer)} does not answer`, { next });
    }
    out.result(answer, `${labelOf(answer)} answers`);
  },
});
