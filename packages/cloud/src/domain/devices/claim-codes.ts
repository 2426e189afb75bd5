import { digest } from '../accounts/index.ts';

/** What a device with a modem is known by. */
export interface ModemIdentity {
  readonly kind: 'iccid' | 'imei';
  /** Digits. */
  readonly value: string;
}

/** 63 characters of the base64 alphabet (protocol section 7.1). */
const CODE = /^[A-Za-z0-9+/]{63}$/;

/** Could a device have got this from the cloud? */
export function isClaimCode(text: string): boolean {
  return CODE.test(text);
}

/** What the store keeps of an ICCID or IMEI that somebody waits for: a digest in a name space of its own, so that no device can bring it as a code. */
export function modemHash({ kind, value }: ModemIdentity): string {
  return digest(`${kind}:${value}`);
}
