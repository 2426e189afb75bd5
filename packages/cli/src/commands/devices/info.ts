import { defineCommand } from '../../program/define-command.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const info = defineCommand({
  name: 'device info',
  summary: 'Show what the cloud knows of a device',
  args: { device: deviceArgument },
  options: { product: productOption },
  examples: [{ line: 'device info greenhouse', says: 'by its name' }],
  json: 'the device as `GET /v1/devices/:deviceId` has it; with `--product` as the route of the product has it',
  async run(place, { cloud, out }) {
    const { deviceFacts, lookAtDevice } = await import('../../services/devices/device-facts.ts');
    const { device, platform } = await lookAtDevice({ cloud }, place);
    out.result(device, deviceFacts(device, platform));
  },
});
