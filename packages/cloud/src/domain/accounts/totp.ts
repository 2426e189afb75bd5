import type { Entropy } from '@cloudchamber/kernel';
import { Secret, TOTP } from 'otpauth';

const SECRET_BYTES = 20;
const STEP_MS = 30_000;
const ISSUER = 'Cloud Chamber';

/** @returns a secret for an authenticator: 160 bits, as RFC 4226 section 4 recommends. */
export function newTotpSecret(entropy: Entropy): Uint8Array {
  return new Uint8Array(entropy.bytes(SECRET_BYTES));
}

/**
 * The time step that a six-digit code is of, from one before now to one after (RFC 6238 section 5.2), or undefined when it is of none of them.
 * @param now wall time, ms
 */
export function totpStep(secret: Uint8Array, code: string, now: number): number | undefined {
  const delta = authenticator(secret).validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta;
}

/** The secret as an authenticator takes it: as text, and as the address in a QR code. */
export function describeTotp(secret: Uint8Array, username: string): { readonly secret: string; readonly uri: string } {
  const totp = authenticator(secret, username);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** Six digits every 30 s, HMAC-SHA-1: what every authenticator app can do. */
function authenticator(secret: Uint8Array, label = ''): TOTP {
  const buffer = new Uint8Array(secret).buffer;
  return new TOTP({ issuer: ISSUER, label, secret: new Secret({ buffer }) });
}
