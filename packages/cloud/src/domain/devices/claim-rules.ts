import type { Ambient, OwnerActor } from '../context.ts';
import { findProduct, productRole } from '../products/index.ts';
import type { Device } from './device.ts';

/** Whoever would own the device. */
export type Claimant =
  | { readonly kind: 'user'; readonly id: string }
  /** `productId`: the product whose customer it is. */
  | { readonly kind: 'customer'; readonly id: string; readonly productId: number };

export function claimantOf(actor: OwnerActor): Claimant {
  if (actor.kind === 'user') return { kind: 'user', id: actor.userId };
  return { kind: 'customer', id: actor.customerId, productId: actor.productId };
}

/**
 * May it own this device, as far as products go? A customer: devices of its product. An account: devices in no product, and those of products
 * in whose team it is (CLM-03, CLM-04).
 */
export async function mayOwn(
  ctx: Pick<Ambient, 'store'>,
  claimant: Claimant,
  device: Pick<Device, 'productId'>,
): Promise<boolean> {
  if (claimant.kind === 'customer') return device.productId === claimant.productId;
  if (device.productId === null) return true;
  const product = await findProduct(ctx.store.db, device.productId);
  return product !== undefined && (await productRole(ctx, product, claimant.id)) !== undefined;
}
