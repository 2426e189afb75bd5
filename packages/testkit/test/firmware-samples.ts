import type { FirmwareImage } from '@cloudchamber/gateway';
import { seededEntropy } from '@cloudchamber/kernel';
import type { DeviceProfile } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction, type ModuleToBuild } from '@cloudchamber/wire';

/** An application of about `bytes` bytes that nothing compresses. */
export function sampleApplication(
  profile: DeviceProfile,
  bytes: number,
  module: Partial<ModuleToBuild> = {},
): FirmwareImage {
  const moduleFunction = module.function ?? ModuleFunction.USER_PART;
  const data = buildModule({
    function: moduleFunction,
    version: 1234,
    platformId: profile.platformId,
    content: seededEntropy(bytes).bytes(bytes),
    ...module,
  });
  return { data, moduleFunction };
}
