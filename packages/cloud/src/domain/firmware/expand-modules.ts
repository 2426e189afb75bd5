import { expandModule, ModuleFlag, type ModuleImage } from '@cloudchamber/wire';
import { readFirmware } from './bad-firmware.ts';
import { inflateAtMost } from './inflate-at-most.ts';
import type { ModuleFile } from './read-upload.ts';

/** The modules of a file, those that are compressed as what they stand for. @throws DomainError `device.bad_firmware` */
export function expandModules({ name, modules }: Pick<ModuleFile, 'name' | 'modules'>): ModuleImage[] {
  return readFirmware(name, () => modules.map(expand));
}

function expand(module: ModuleImage): ModuleImage {
  if ((module.prefix.flags & ModuleFlag.COMPRESSED) === 0) return module;
  return expandModule(module, inflateAtMost);
}
