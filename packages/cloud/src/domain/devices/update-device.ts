import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { invalidInput } from './device-errors.ts';
import { parseName } from './device-name.ts';
import { changeDevice, type DeviceChanges } from './device-store.ts';
import { firmwareTargets } from './target-topic.ts';

/** Any of these may come together; what is absent stays as it is. */
export interface DeviceFields {
  readonly name?: string | undefined;
  /** Null clears them. */
  readonly notes?: string | null | undefined;
  readonly updatesForced?: boolean | undefined;
}

export interface UpdateDeviceInput extends DeviceFields {
  readonly device: Device;
  /** Rainbow LED on or off. */
  readonly signal?: boolean | undefined;
}

const MAX_NOTES_CHARACTERS = 10_000;

/** What a device does with the text: protocol section 7.2. */
const FORCED_EVENT = 'particle/device/updates/forced';

/**
 * Renames, notes, signals and forces updates in one. Everything is checked first and the device is asked before anything is stored, so that
 * a refusal leaves all as it was. The caller was found to reach the device.
 * @returns the device as it is now.
 * @throws DomainError `device.invalid`, `device.timed_out` when it should signal and does not answer.
 */
export async function updateDevice(
  ctx: Context,
  bus: Bus,
  commands: DeviceCommands,
  input: UpdateDeviceInput,
): Promise<Device> {
  const { device, signal } = input;
  const changes = parseFields(input);
  if (signal !== undefined) await askDevice(commands.signal(device.id, signal));
  if (Object.keys(changes).length === 0) return device;
  const updatedAt = ctx.clock.now();
  await changeDevice(ctx.store.db, device.id, { ...changes, updated_at: updatedAt });
  tellFields(bus, commands, device, changes);
  return { ...withFields(device, changes), updatedAt };
}

type FieldChanges = Pick<DeviceChanges, 'name' | 'notes' | 'updates_forced'>;

/** @throws DomainError `device.invalid` */
export function parseFields({ name, notes, updatesForced }: DeviceFields): FieldChanges {
  return {
    ...(name !== undefined && { name: parseName(name) }),
    ...(notes !== undefined && { notes: parseNotes(notes) }),
    ...(updatesForced !== undefined && { updates_forced: updatesForced ? 1 : 0 }),
  };
}

/** The device as it is with what was stored. */
function withFields(device: Device, { name, notes, updates_forced: forced }: FieldChanges): Device {
  return {
    ...device,
    name: name ?? device.name,
    notes: notes === undefined ? device.notes : notes,
    updatesForced: forced === undefined ? device.updatesForced : forced === 1,
  };
}

/** After the commit: cards and the device itself are told. An offline device is told when it says what it allows, at its next connection. */
export function tellFields(bus: Bus, commands: DeviceCommands, device: Device, changes: FieldChanges): void {
  const { name, updates_forced: forced } = changes;
  if (name !== undefined && name !== device.name) bus.publish(deviceChanges, { deviceId: device.id, name });
  if (forced === undefined) return;
  const data = Buffer.from(String(forced === 1));
  void commands.deliver(device.id, { name: FORCED_EVENT, data, contentFormat: 0 });
  const { id, productId } = device;
  if (productId !== null) bus.publish(firmwareTargets, { productId, deviceIds: [id] });
}

function parseNotes(notes: string | null): string | null {
  if (notes !== null && (notes.length > MAX_NOTES_CHARACTERS || notes.includes('\0'))) {
    throw invalidInput(`Notes have at most ${MAX_NOTES_CHARACTERS} characters, none of them NUL`);
  }
  return notes === '' ? null : notes;
}
