import type { Context } from '../context.ts';
import type { Device } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import { readModuleFiles } from './module-files.ts';
import { findApplication, findApplicationNames } from './module-store.ts';
import { type FlashParts, requireUpdatable, type StartedFlash, sendFirmware } from './send-firmware.ts';

interface FlashApplicationInput {
  readonly device: Device;
  /** In any case. */
  readonly name: string;
}

const MOST_NAMES = 50;

/**
 * Sends an application of the library to a device that the caller was found to reach, by its name (CLI-16). Resolves as `flashDevice`.
 * @throws DomainError `device.unknown_application`, which lists what there is for the device's platform; otherwise as `flashDevice`
 */
export async function flashApplication(
  ctx: Context,
  parts: FlashParts,
  { device, name }: FlashApplicationInput,
): Promise<StartedFlash> {
  const { reads } = ctx.store;
  const platformId = parts.commands.helloOf(device.id)?.platformId ?? device.platformId;
  const application = await findApplication(reads, platformId, name.toLowerCase());
  if (application === undefined) {
    throw unknownApplication(platformId, await findApplicationNames(reads, platformId, MOST_NAMES));
  }
  requireUpdatable(parts.commands, device);
  const upload = { files: await readModuleFiles(parts.blobs, [application]), assets: new Map<string, Uint8Array>() };
  return sendFirmware(ctx, parts, { device, upload, reason: 'known_app' });
}

function unknownApplication(platformId: number, names: readonly string[]): DomainError {
  const known = names.length === 0 ? 'there are none yet' : `there are ${names.join(', ')}`;
  const message = `No application of that name is known for platform ${platformId}: ${known}`;
  return new DomainError('not_found', 'device.unknown_application', message);
}
