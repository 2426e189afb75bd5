import type { HelloFacts } from '@cloudchamber/gateway';

/** What Hello sends for a product id that was never set (protocol section 5.1). */
const NOT_SET = 0xffff;

/** The product that a device's firmware asks to belong to (CON-17); null when it names none, or its platform. */
export function announcedProduct({ productId, platformId }: HelloFacts): number | null {
  return productId === NOT_SET || productId === 0 || productId === platformId ? null : productId;
}
