import { splitModules } from '@cloudchamber/wire';
import { badFirmware, readFirmware } from './bad-firmware.ts';
import type { FirmwareBlobs } from './firmware-blobs.ts';
import type { LibraryModule } from './module-store.ts';
import type { ModuleFile } from './read-upload.ts';

/**
 * The files of modules from the library, in their order, as `planUpdate` takes them beside those of an upload.
 * @throws DomainError `device.bad_firmware` when one was deleted meanwhile
 */
export async function readModuleFiles(blobs: FirmwareBlobs, modules: readonly LibraryModule[]): Promise<ModuleFile[]> {
  const files: ModuleFile[] = [];
  for (const { id, name, hash } of modules) {
    const bytes = await blobs.get(hash);
    if (bytes === undefined) throw badFirmware(`The module ${id} was deleted`);
    files.push({ name: name || id, bytes, modules: readFirmware(name || id, () => splitModules(bytes)) });
  }
  return files;
}
