import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { countOperation } from '../data-operations/index.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';

/** Asks a device, for which `askDevice` gives the errors. */
export interface Question<T> {
  readonly kind: 'function' | 'variable';
  readonly device: Device;
  /** Sends it, through the commands that are given with it. */
  ask(): Promise<T>;
}

/**
 * The answer of a device to what is a data operation when the device was asked, whatever it answers (BIL-13); one that is offline, has too much waiting or
 * has no room for it was not asked. Counted before this resolves or rejects.
 * @throws DomainError as `askDevice` does.
 */
export async function askCounted<T>(
  ctx: Pick<Context, 'store' | 'clock' | 'log'>,
  commands: DeviceCommands,
  { kind, device, ask }: Question<T>,
): Promise<T> {
  const { id: deviceId, ownerId, productId } = device;
  const operation = { kind, deviceId, ownerId, productId, at: ctx.clock.now() };
  const online = commands.isOnline(deviceId);
  const answer = ask();
  const outcome = Promise.allSettled([answer]);
  // What is kept back fails in this turn. What does not is on its way to the device: its count is stored while the device answers.
  const early = await Promise.race([outcome, nextTurn()]);
  const keptBack = early?.[0].status === 'rejected' && wasKeptBack(early[0].reason);
  if (online && !keptBack) await countOperation(ctx, operation);
  return askDevice(answer);
}

function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}

/** Was it refused here, before anything was sent? */
function wasKeptBack(reason: unknown): boolean {
  return !(reason instanceof GatewayError) || reason.code === 'device.busy' || reason.code === 'device.too_large';
}
