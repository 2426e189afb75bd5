import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import { isUniqueViolation } from '../../store/index.ts';
import type { Context, UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { deviceNotFound, deviceNotRecognized, invalidInput } from './device-errors.ts';
import { type DeviceLabels, parseLabels } from './device-labels.ts';
import { defaultName, parseName } from './device-name.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { findByLabel } from './product-device-store.ts';
import { type KeyAlgorithm, parsePublicKey } from './public-key.ts';
import { reachesThroughProduct } from './reachable-device.ts';
import { requireOperator, requireUser } from './require-user.ts';

interface RegisterKeyInput {
  readonly id: string;
  /** PEM */
  readonly publicKey: string;
  readonly algorithm?: KeyAlgorithm;
}

interface RegisterOwnKeyInput extends RegisterKeyInput {
  /** Asked before a device is made known that nobody knew; throws to refuse. */
  readonly beforeUnknown?: () => void;
}

export interface RegisterDeviceInput extends Partial<RegisterKeyInput>, DeviceLabels {
  readonly id: string;
  readonly platformId?: number;
  readonly name?: string;
  /** User id of the account that owns it from now on. */
  readonly ownerId?: string;
}

/** The generic Linux build of Device OS; a device says what it really is in its Hello. */
const UNKNOWN_PLATFORM = 0;

/**
 * Registers the public key of the caller's device, of one that nobody owns, or of one that nobody knows yet, which it makes known unclaimed. Of a
 * product's device that nobody owns, whoever may update devices of the product may. A session under another key ends.
 * @throws DomainError `device.not_recognized` for a device of somebody else, `device.invalid`.
 */
export async function registerKey(ctx: Context, commands: DeviceCommands, input: RegisterOwnKeyInput): Promise<void> {
  const actor = requireUser(ctx);
  const id = parseId(input.id);
  const publicKey = parsePublicKey(input.publicKey, input.algorithm);
  const device = await findDevice(ctx.store.db, id);
  if (device !== undefined && !(await mayReplaceKey({ ...ctx, actor }, device))) throw deviceNotRecognized();
  if (device === undefined) input.beforeUnknown?.();
  await storeKey(ctx, commands, { id, publicKey, device });
}

async function mayReplaceKey(ctx: UserContext, device: Device): Promise<boolean> {
  if (device.ownerId !== null) return device.ownerId === ctx.actor.userId;
  return device.productId === null || reachesThroughProduct(ctx, device, 'devices:update');
}

/**
 * An operator makes a device known, with its key and as far as given its platform, name, owner and labels; of a known one these change.
 * @throws DomainError `operator_only`, `device.invalid`, `device.owned` when another account owns it, `device.serial_taken`.
 */
export async function registerDevice(
  ctx: Context,
  bus: Bus,
  commands: DeviceCommands,
  input: RegisterDeviceInput,
): Promise<Device> {
  requireOperator(ctx);
  const id = parseId(input.id);
  const publicKey = input.publicKey === undefined ? undefined : parsePublicKey(input.publicKey, input.algorithm);
  const name = input.name === undefined ? undefined : parseName(input.name);
  const labels = parseLabels(input);
  const known = await findDevice(ctx.store.db, id);
  if (publicKey === undefined && known === undefined) {
    throw invalidInput('This device is not known yet; send its public_key as well');
  }
  const { ownerId } = input;
  if (ownerId !== undefined && known !== undefined && known.ownerId !== null && known.ownerId !== ownerId) {
    throw new DomainError('conflict', 'device.owned', 'The device belongs to another account');
  }
  if (labels.serial_number) await requireFreeSerialNumber(ctx, id, labels.serial_number);
  if (publicKey !== undefined) await storeKey(ctx, commands, { id, publicKey, device: known });
  const at = ctx.clock.now();
  try {
    await changeDevice(ctx.store.db, id, {
      ...(input.platformId !== undefined && { platform_id: input.platformId }),
      ...(name !== undefined && { name }),
      ...(ownerId !== undefined && known?.ownerId !== ownerId && { owner_id: ownerId, claimed_at: at }),
      ...labels,
      updated_at: at,
    });
  } catch (error) {
    // Registered for another device in the same moment.
    if (labels.serial_number && isUniqueViolation(error)) throw serialNumberTaken();
    throw error;
  }
  bus.publish(deviceChanges, {
    deviceId: id,
    ...(name !== undefined && { name }),
    ...(ownerId !== undefined && { ownerId }),
  });
  const device = await findDevice(ctx.store.db, id);
  if (device === undefined) throw deviceNotFound();
  return device;
}

async function requireFreeSerialNumber(ctx: Context, id: DeviceId, serialNumber: string): Promise<void> {
  const [other] = await findByLabel(ctx.store.db, 'serial_number', [serialNumber]);
  if (other !== undefined && other.id !== id) throw serialNumberTaken(other.id);
}

const serialNumberTaken = (holder = 'Another device') =>
  new DomainError(
    'conflict',
    'device.serial_taken',
    `${holder} has that serial number; register it with another one, or with null, first`,
  );

interface KeyToStore {
  readonly id: DeviceId;
  readonly publicKey: Buffer;
  readonly device: Device | undefined;
}

/** Registers a key that the caller was found to have the say over. `device` is what is known of it; one that nobody knew is made known. A session under another key ends. */
export async function storeKey(
  ctx: Context,
  commands: DeviceCommands,
  { id, publicKey, device }: KeyToStore,
): Promise<void> {
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
