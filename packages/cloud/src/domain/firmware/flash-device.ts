import type { Context } from '../context.ts';
import type { Device } from '../devices/index.ts';
import { readUpload, type UploadedFile } from './read-upload.ts';
import { type FlashParts, requireUpdatable, type StartedFlash, sendFirmware } from './send-firmware.ts';

interface FlashDeviceInput {
  readonly device: Device;
  readonly files: readonly UploadedFile[];
}

/**
 * Sends uploaded firmware to a device that the caller was found to reach (OTA-01). Resolves when the device has taken the start of the transfer; how it ends is told by `spark/flash/status` events.
 * @throws DomainError `device.timed_out` when the device is offline or silent; `device.bad_firmware`, with the reason; `device.updating` during
 *   another update; `device.updates_disabled` when the device refuses updates and its owner doesn't force them; `device.refused`, with the device's reason.
 */
export async function flashDevice(ctx: Context, parts: FlashParts, input: FlashDeviceInput): Promise<StartedFlash> {
  requireUpdatable(parts.commands, input.device);
  return sendFirmware(ctx, parts, { device: input.device, upload: readUpload(input.files), reason: 'flash' });
}
