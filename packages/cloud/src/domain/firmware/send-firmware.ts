import { type DeviceCommands, GatewayError, type HelloFacts } from '@cloudchamber/gateway';
import { ModuleFunction, type SystemDescribe } from '@cloudchamber/wire';
import { subjectIdOf } from '../accounts/index.ts';
import type { Context } from '../context.ts';
import { askDevice, type Device, deviceTimedOut, findDevice } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import { badFirmware } from './bad-firmware.ts';
import { expandModules } from './expand-modules.ts';
import type { FirmwareBlobs } from './firmware-blobs.ts';
import { readModuleFiles } from './module-files.ts';
import { lackingModules, needsBesides, storedDescribe } from './module-library.ts';
import { findModulesFor } from './module-store.ts';
import { moduleWords } from './module-words.ts';
import { planUpdate } from './plan-update.ts';
import type { FirmwareUpload } from './read-upload.ts';
import type { UpdateJournal } from './update-journal.ts';

/** What it takes to send firmware to one device. */
export interface FlashParts {
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  readonly blobs: FirmwareBlobs;
}

/** An update that a device has taken. */
export interface StartedFlash {
  readonly device: Device;
  /** 24 hex digits. */
  readonly updateId: string;
  /** What may become of it, for people. */
  readonly warning: string | undefined;
}

interface FirmwareToSend {
  readonly device: Device;
  readonly upload: FirmwareUpload;
  readonly reason: 'flash' | 'known_app';
}

const ID_BYTES = 12;
const OVERWRITTEN =
  "The device is in a product and not marked as a development device: the product's default or locked firmware may overwrite this at once. Mark it as a development device first.";

/** @throws DomainError `device.timed_out` for a device that is offline, `device.updates_disabled` when it refuses updates and its owner doesn't force them */
export function requireUpdatable(commands: DeviceCommands, device: Device): HelloFacts {
  const hello = commands.helloOf(device.id);
  if (hello === undefined || !commands.isOnline(device.id)) throw deviceTimedOut();
  if (device.updatesEnabled === false && !device.updatesForced) {
    throw new DomainError('invalid', 'device.updates_disabled', 'The device has firmware updates disabled');
  }
  return hello;
}

/**
 * Sends firmware to a device, and before it the parts of Device OS that it needs and the device lacks, when the library has them. Resolves when the device has taken
 * the start.
 * @throws DomainError as `flashDevice`
 */
export async function sendFirmware(ctx: Context, parts: FlashParts, input: FirmwareToSend): Promise<StartedFlash> {
  const { device, upload, reason } = input;
  const hello = requireUpdatable(parts.commands, device);
  const { files, missing } = await withLackingModules(ctx, parts, { device, hello, upload });
  const { images, applicationHash } = planUpdate({ ...upload, files }, hello, assetsOf(device));
  const updateId = ctx.entropy.bytes(ID_BYTES).toString('hex');
  const requestedBy = ctx.actor.kind === 'system' ? 'system' : subjectIdOf(ctx.actor);
  const at = ctx.clock.now();
  const update = { id: updateId, deviceId: device.id, requestedBy, reason, at, images, applicationHash };
  await askDevice(begin(parts.updates, update));
  const warnings = [...(isOverwritten(device) ? [OVERWRITTEN] : []), ...missing];
  return { device, updateId, warning: warnings.length === 0 ? undefined : warnings.join(' ') };
}

/** OTA-21 */
function isOverwritten({ productId, development }: Device): boolean {
  return productId !== null && !development;
}

/** What the upload needs besides itself comes first: all of it, or nothing and a sentence that says what is missing. */
async function withLackingModules(
  ctx: Context,
  parts: FlashParts,
  { device, hello, upload }: { readonly device: Device; readonly hello: HelloFacts; readonly upload: FirmwareUpload },
): Promise<{ readonly files: FirmwareUpload['files']; readonly missing: readonly string[] }> {
  const modules = upload.files.flatMap(expandModules);
  if (modules.filter(({ prefix }) => prefix.function === ModuleFunction.USER_PART).length > 1) {
    throw badFirmware('There are two applications: a device runs one');
  }
  const needs = needsBesides(modules);
  if (needs.dependencies.length === 0) return { files: upload.files, missing: [] };
  const library = await findModulesFor(ctx.store.reads, hello.platformId);
  const lacking = lackingModules(await systemOf(ctx, parts, device), needs, library);
  if (lacking.missing.length === 0) {
    return { files: [...(await readModuleFiles(parts.blobs, lacking.modules)), ...upload.files], missing: [] };
  }
  const words = lacking.missing.map(moduleWords).join(', ');
  const text = `The device lacks what this needs, and the library has none of it: ${words} or later. The device may refuse it or start in safe mode.`;
  return { files: upload.files, missing: [text] };
}

/** What is on the device. One that never told is asked: its answer is stored before the request resolves. */
async function systemOf(ctx: Context, { commands }: FlashParts, device: Device): Promise<SystemDescribe | null> {
  if (device.systemDescribe !== null) return storedDescribe(device);
  await askDevice(commands.requestDescribe(device.id, 'system'));
  const described = await findDevice(ctx.store.db, device.id);
  return described === undefined ? null : storedDescribe(described);
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
function assetsOf(device: Device): ReadonlySet<string> {
  return new Set(storedDescribe(device)?.assets?.map(({ hash }) => hash));
}
