import type { Scope } from '@cloudchamber/contract';
import { type OwnerContext, ownerIdOf } from '../context.ts';
import type { ProductContext } from '../products/index.ts';
import type { Device } from './device.ts';
import { findJoinedAt } from './device-past-store.ts';
import { productDevice } from './product-device.ts';
import { reachableDevice } from './reachable-device.ts';

/** A device, and since when its past is the caller's to see: what it did for somebody else before is not. */
export interface DevicePast {
  readonly device: Device;
  /** ms UTC */
  readonly since: number;
}

/**
 * The device behind a selector of the user routes: an own one since it was claimed, or one of a product in which the caller may do `scope`, since it joined.
 * @throws DomainError `device.not_recognized`
 */
export async function reachablePast(ctx: OwnerContext, selector: string, scope: Scope): Promise<DevicePast> {
  const device = await reachableDevice(ctx, selector, scope);
  if (device.ownerId === ownerIdOf(ctx.actor)) return { device, since: device.claimedAt ?? 0 };
  return { device, since: await findJoinedAt(ctx.store.reads, device.id) };
}

/** A device of the product, since it joined. @throws DomainError `device.not_in_product` */
export async function productPast(ctx: ProductContext, id: string): Promise<DevicePast> {
  const device = await productDevice(ctx, id);
  return { device, since: await findJoinedAt(ctx.store.reads, device.id) };
}
