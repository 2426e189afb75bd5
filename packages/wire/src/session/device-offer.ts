import { type DeviceId, deviceIdFromBytes } from '@cloudchamber/kernel';
import { RSA_1024_SPKI_LENGTH } from '../crypto/index.ts';
import { WireReader } from '../wire-reader.ts';

/** Bytes of the server's opening nonce (protocol section 2.1). */
export const NONCE_LENGTH = 40;
const DEVICE_ID_LENGTH = 12;

/** nonce ‖ device id: all that very old Core firmware sends. */
export const SHORT_OFFER_LENGTH = NONCE_LENGTH + DEVICE_ID_LENGTH;
/** nonce ‖ device id ‖ public key. */
export const OFFER_LENGTH = SHORT_OFFER_LENGTH + RSA_1024_SPKI_LENGTH;

/** What a device answers the server's nonce with, before encryption (protocol section 2.1, step 2). */
export interface DeviceOffer {
  readonly nonce: Uint8Array;
  readonly deviceId: DeviceId;
  /** RSA-1024 SPKI, 162 bytes; very old Core firmware leaves it out. */
  readonly publicKey?: Uint8Array;
}

export function encodeDeviceOffer({ nonce, deviceId, publicKey }: DeviceOffer): Buffer {
  return Buffer.concat([nonce, Buffer.from(deviceId, 'hex'), publicKey ?? new Uint8Array(0)]);
}

/** @param bytes 52 or 214 of them */
export function decodeDeviceOffer(bytes: Uint8Array): DeviceOffer {
  const reader = new WireReader(bytes, 'protocol section 2.1');
  const nonce = reader.bytes(NONCE_LENGTH);
  const deviceId = deviceIdFromBytes(reader.bytes(DEVICE_ID_LENGTH));
  return reader.remaining === 0 ? { nonce, deviceId } : { nonce, deviceId, publicKey: reader.rest().slice() };
}
