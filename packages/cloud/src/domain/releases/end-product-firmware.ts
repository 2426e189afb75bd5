import type { ProductEnding } from '../products/index.ts';
import { deleteFirmwareOf } from './release-store.ts';

/** The firmware of a product that ends, with its releases and rollouts. */
export const endProductFirmware: ProductEnding = async (db, productId) => {
  await deleteFirmwareOf(db, productId);
  return () => undefined;
};
