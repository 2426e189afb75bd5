import type { HelloFacts } from '@cloudchamber/gateway';
import { announcedProduct } from './announced-product.ts';
import type { FirmwareFacts } from './running-version.ts';

/** What Hello sends for a number that was never set (protocol section 5.1). */
const NOT_SET = 0xffff;

/** What a device says of its firmware in Hello: the product that it names and its version, each null for none. */
export function announcedFirmware(hello: HelloFacts): Omit<FirmwareFacts, 'productId'> {
  const version = hello.productVersion;
  return { firmwareProductId: announcedProduct(hello), firmwareVersion: version === NOT_SET ? null : version };
}
