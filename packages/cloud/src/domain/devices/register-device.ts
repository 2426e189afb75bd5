import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { deviceNotFound, deviceNotRecognized, invalidInput } from './device-errors.ts';
import { defaultName, parseName } from './device-name.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { type KeyAlgorithm, parsePublicKey } from './public-key.ts';
import { requireOperator, requireUser } from './require-user.ts';

export interface RegisterKeyInput {
  readonly id: string;
  /** PEM */
  readonly publicKey: string;
  readonly algorithm?: KeyAlgorithm;
}

export interface RegisterDeviceInput extends RegisterKeyInput {
  readonly platformId?: number;
  readonly name?: string;
  /** User id of the account that owns it from now on. */
  readonly ownerId?: string;
}

/** The generic Linux build of Device OS; a device says what it really is in its Hello. */
const UNKNOWN_PLATFORM = 0;

/**
 * Registers the public key of the caller's device, of one that nobody owns, or of one that nobody knows yet, which it makes known unclaimed.
 * A session under another key ends.
 * @throws DomainError `device.not_recognized` for a device of somebody else, `device.invalid`.
 */
export async function registerKey(ctx: Context, commands: DeviceCommands, input: RegisterKeyInput): Promise<void> {
  const { userId } = requireUser(ctx);
  const id = parseId(input.id);
  const publicKey = parsePublicKey(input.publicKey, input.algorithm);
  const device = await findDevice(ctx.store.db, id);
  if (device !== undefined && device.ownerId !== null && device.ownerId !== userId) throw deviceNotRecognized();
  await storeKey(ctx, commands, { id, publicKey, device });
}

/**
 * An operator makes a device known, with its key and as far as given its platform, name and owner; of a known one these change.
 * @throws DomainError `operator_only`, `device.invalid`, `device.owned_by_other` when another account owns it.
 */
export async function registerDevice(
  ctx: Context,
  bus: Bus,
  commands: DeviceCommands,
  input: RegisterDeviceInput,
): Promise<Device> {
  requireOperator(ctx);
  const id = parseId(input.id);
  const publicKey = parsePublicKey(input.publicKey, input.algorithm);
  const name = input.name === undefined ? undefined : parseName(input.name);
  const known = await findDevice(ctx.store.db, id);
  const { ownerId } = input;
  if (ownerId !== undefined && known !== undefined && known.ownerId !== null && known.ownerId !== ownerId) {
    throw new DomainError('conflict', 'device.owned', 'The device belongs to another account');
  }
  await storeKey(ctx, commands, { id, publicKey, device: known });
  const at = ctx.clock.now();
  await changeDevice(ctx.store.db, id, {
    ...(input.platformId !== undefined && { platform_id: input.platformId }),
    ...(name !== undefined && { name }),
    ...(ownerId !== undefined && known?.ownerId !== ownerId && { owner_id: ownerId, claimed_at: at }),
    updated_at: at,
  });
  bus.publish(deviceChanges, {
    deviceId: id,
    ...(name !== undefined && { name }),
    ...(ownerId !== undefined && { ownerId }),
  });
  const device = await findDevice(ctx.store.db, id);
  if (device === undefined) throw deviceNotFound();
  return device;
}

interface KeyToStore {
  readonly id: DeviceId;
  readonly publicKey: Buffer;
  readonly device: Device | undefined;
}

async function storeKey(ctx: Context, commands: DeviceCommands, { id, publicKey, device }: KeyToStore): Promise<void> {
  const at = ctx.clock.now();
  const fresh = { id, name: defaultName(id), platformId: UNKNOWN_PLATFORM, publicKey, ownerId: null, at };
  if (device === undefined && (await insertDevice(ctx.store.db, fresh))) {
    ctx.log.info({ device: id }, 'device registered');
    return;
  }
  if (device?.publicKey && publicKey.equals(device.publicKey)) return;
  await changeDevice(ctx.store.db, id, { public_key: publicKey, updated_at: at });
  commands.endSession(id);
  ctx.log.info({ device: id }, 'device key replaced');
}

function parseId(text: string): DeviceId {
  const id = parseDeviceId(text);
  if (id === undefined) throw invalidInput('A device id has 24 hex digits');
  return id;
}
