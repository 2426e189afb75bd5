import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import { subjectIdOf } from '../accounts/index.ts';
import type { Context } from '../context.ts';
import { askDevice, type Device, deviceTimedOut } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import { planUpdate } from './plan-update.ts';
import { readUpload, type UploadedFile } from './read-upload.ts';
import type { UpdateJournal } from './update-journal.ts';

export interface FlashDeviceInput {
  readonly device: Device;
  readonly files: readonly UploadedFile[];
}

const ID_BYTES = 12;

/**
 * Sends firmware to a device that the caller was found to reach (OTA-01). Resolves when the device has taken the start of the transfer; how it ends is told by `spark/flash/status` events.
 * @throws DomainError `device.timed_out` when the device is offline or silent; `device.bad_firmware`, with the reason; `device.updating` during
 *   another update; `device.updates_disabled` when the device refuses updates and its owner doesn't force them; `device.refused`, with the device's reason.
 */
export async function flashDevice(
  ctx: Context,
  commands: DeviceCommands,
  journal: UpdateJournal,
  input: FlashDeviceInput,
): Promise<Device> {
  const { device } = input;
  const hello = commands.helloOf(device.id);
  if (hello === undefined || !commands.isOnline(device.id)) throw deviceTimedOut();
  if (device.updatesEnabled === false && !device.updatesForced) {
    throw new DomainError('invalid', 'device.updates_disabled', 'The device has firmware updates disabled');
  }
  const { images, applicationHash } = planUpdate(readUpload(input.files), hello, assetsOf(device));
  const id = ctx.entropy.bytes(ID_BYTES).toString('hex');
  const requestedBy = ctx.actor.kind === 'system' ? 'system' : subjectIdOf(ctx.actor);
  const at = ctx.clock.now();
  const update = { id, deviceId: device.id, requestedBy, reason: 'flash' as const, at, images, applicationHash };
  await askDevice(begin(journal, update));
  return device;
}

async function begin(journal: UpdateJournal, update: Parameters<UpdateJournal['begin']>[0]): Promise<void> {
  try {
    await journal.begin(update);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'device.rejected') throw error;
    throw new DomainError('invalid', 'device.refused', `The device refused the firmware: ${error.message}`);
  }
}

/** Hashes (hex) of the assets that the device said it has. */
function assetsOf({ systemDescribe }: Device): ReadonlySet<string> {
  const described = JSON.parse(systemDescribe ?? '{}') as { readonly assets?: readonly { readonly hash: string }[] };
  return new Set((described.assets ?? []).map(({ hash }) => hash));
}
