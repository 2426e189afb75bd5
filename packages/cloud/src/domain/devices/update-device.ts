import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { invalidInput } from './device-errors.ts';
import { parseName } from './device-name.ts';
import { changeDevice } from './device-store.ts';
import { ownDevice } from './own-device.ts';

/** Any of these may come together; what is absent stays as it is. */
export interface UpdateDeviceInput {
  readonly device: string;
  readonly name?: string;
  /** Null clears them. */
  readonly notes?: string | null;
  /** Rainbow LED on or off. */
  readonly signal?: boolean;
  readonly updatesForced?: boolean;
}

const MAX_NOTES_CHARACTERS = 10_000;

/** What a device does with the text: protocol section 7.2. */
const FORCED_EVENT = 'particle/device/updates/forced';

/**
 * Renames, notes, signals and forces updates in one. Everything is checked first and the device is asked before anything is stored, so that
 * a refusal leaves all as it was.
 * @returns the device as it is now.
 * @throws DomainError `device.not_recognized`, `device.invalid`, `device.timed_out` when it should signal and does not answer.
 */
export async function updateDevice(
  ctx: Context,
  bus: Bus,
  commands: DeviceCommands,
  input: UpdateDeviceInput,
): Promise<Device> {
  const device = await ownDevice(ctx, input.device);
  const { signal, updatesForced } = input;
  const name = input.name === undefined ? device.name : parseName(input.name);
  const notes = input.notes === undefined ? device.notes : parseNotes(input.notes);
  if (signal !== undefined) await askDevice(commands.signal(device.id, signal));
  if (input.name === undefined && input.notes === undefined && updatesForced === undefined) return device;
  const updatedAt = ctx.clock.now();
  await changeDevice(ctx.store.db, device.id, {
    name,
    notes,
    ...(updatesForced !== undefined && { updates_forced: updatesForced ? 1 : 0 }),
    updated_at: updatedAt,
  });
  if (name !== device.name) bus.publish(deviceChanges, { deviceId: device.id, name });
  if (updatesForced !== undefined) tellForced(commands, device, updatesForced);
  return { ...device, name, notes, updatesForced: updatesForced ?? device.updatesForced, updatedAt };
}

function parseNotes(notes: string | null): string | null {
  if (notes !== null && notes.length > MAX_NOTES_CHARACTERS) {
    throw invalidInput(`Notes have at most ${MAX_NOTES_CHARACTERS} characters`);
  }
  return notes === '' ? null : notes;
}

/** Not waited for: an offline device is told when it says what it allows, at its next connection. */
function tellForced(commands: DeviceCommands, device: Device, forced: boolean): void {
  void commands.deliver(device.id, { name: FORCED_EVENT, data: Buffer.from(String(forced)), contentFormat: 0 });
}
