import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { Context, OwnerContext, UserContext } from '../context.ts';
import { type Device, findDevice, getDevice, productPast, storeKey } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { findAttempt } from './attempt-store.ts';
import { attemptNotFound, keyIsRegistered, nothingToApprove, ownerMustApprove } from './connection-errors.ts';

/**
 * An operator registers the key of any attempt for the device that it named; one that nobody knew is made known, owned by nobody.
 * @throws DomainError `connection.not_found`, `connection.nothing_to_approve`, `connection.key_registered`
 */
export async function approveKey(ctx: UserContext, commands: DeviceCommands, id: string): Promise<void> {
  const { deviceId, publicKey } = await namedAttempt(ctx, id);
  if (deviceId === null) throw nothingToApprove();
  await register(ctx, commands, deviceId, publicKey, await findDevice(ctx.store.db, deviceId));
}

/** As `approveKey`, for a device of the caller and attempts since it was claimed. @throws DomainError also `device.not_recognized` */
export async function approveDeviceKey(
  ctx: OwnerContext,
  commands: DeviceCommands,
  selector: string,
  id: string,
): Promise<void> {
  const device = await getDevice(ctx, selector);
  const { deviceId, publicKey, lastAt } = await namedAttempt(ctx, id);
  if (deviceId !== device.id || lastAt < (device.claimedAt ?? 0)) throw attemptNotFound();
  await register(ctx, commands, device.id, publicKey, device);
}

/**
 * As `approveKey`, for a device of the product that nobody owns or that is the caller's own, and attempts since it joined. Having a `ProductContext` is the permission.
 * @throws DomainError also `device.not_in_product`, `connection.owner_must_approve`
 */
export async function approveProductKey(
  ctx: ProductContext,
  commands: DeviceCommands,
  selector: string,
  id: string,
): Promise<void> {
  const { device, since } = await productPast(ctx, selector);
  const { deviceId, publicKey, lastAt } = await namedAttempt(ctx, id);
  if (deviceId !== device.id || lastAt < since) throw attemptNotFound();
  const own = ctx.actor.kind === 'user' ? ctx.actor.userId : null;
  if (device.ownerId !== null && device.ownerId !== own) throw ownerMustApprove();
  await register(ctx, commands, device.id, publicKey, device);
}

/** The attempt whose path names it, with the device that it named and the key that is kept of it. */
async function namedAttempt(ctx: Context, text: string) {
  const found = /^\d{1,15}$/.test(text) ? await findAttempt(ctx.store.db, Number(text)) : undefined;
  if (found === undefined) throw attemptNotFound();
  const { attempt, publicKey } = found;
  return { deviceId: attempt.deviceId, lastAt: attempt.lastAt, publicKey };
}

async function register(
  ctx: Context,
  commands: DeviceCommands,
  id: DeviceId,
  key: Uint8Array | null,
  device: Device | undefined,
): Promise<void> {
  if (key === null) throw nothingToApprove();
  const publicKey = Buffer.from(key);
  if (device?.publicKey && publicKey.equals(device.publicKey)) throw keyIsRegistered();
  await storeKey(ctx, commands, { id, publicKey, device });
}
