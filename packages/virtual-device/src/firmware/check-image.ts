import { inflateRawSync } from 'node:zlib';
import {
  expandModule,
  type FirmwareModule,
  HelloFlag,
  ModuleFlag,
  ModuleFunction,
  type ModuleImage,
  type OtaFault,
  OtaFaultCode,
  splitModules,
  WireError,
} from '@cloudchamber/wire';
import type { DeviceProfile } from '../profiles/index.ts';
import { areMet } from './dependencies.ts';

/**
 * What a device makes of a file that has arrived: its modules, expanded, or why it does not take them (protocol sections 9.3 and 9.4). An application may need a newer
 * system than there is; anything else must find what it depends on.
 * @param present the modules that the device has
 */
export function checkImage(
  file: Uint8Array,
  profile: DeviceProfile,
  present: readonly FirmwareModule[],
): readonly ModuleImage[] | OtaFault {
  let images: readonly ModuleImage[];
  try {
    images = splitModules(file);
    const isPlain = images.length === 1 && images.every((image) => !isCompressed(image));
    if (!isPlain && (profile.helloFlags & HelloFlag.COMPRESSED_OTA) === 0) {
      return fault(OtaFaultCode.INVALID_FORMAT, 'compressed and combined modules are not supported');
    }
    images = images.map((image) => (isCompressed(image) ? expandModule(image, inflate) : image));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return fault(OtaFaultCode.INTEGRITY_CHECK_FAILED, error.message);
  }
  for (const image of images) {
    const { function: kind, platformId } = image.prefix;
    if (kind === ModuleFunction.ASSET) continue;
    if (platformId !== profile.platformId) return fault(OtaFaultCode.INVALID_PLATFORM, `platform ${platformId}`);
    const all = [...present, ...images.map(({ prefix }) => prefix)];
    if (kind !== ModuleFunction.USER_PART && !areMet(image.dependencies, all)) {
      return fault(OtaFaultCode.DEPENDENCY_CHECK_FAILED, 'a module that it depends on is missing');
    }
  }
  return images;
}

function isCompressed({ prefix }: ModuleImage): boolean {
  return (prefix.flags & ModuleFlag.COMPRESSED) !== 0;
}

function inflate(data: Uint8Array, limit: number): Uint8Array {
  return inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });
}

function fault(code: number, message: string): OtaFault {
  return { code, message };
}
