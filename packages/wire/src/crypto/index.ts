export { equalConstantTime } from './constant-time.ts';
export type { HmacKey } from './digest.ts';
export { hmacKey, hmacSha256, sha256 } from './digest.ts';
export type { EphemeralP256 } from './ephemeral.ts';
export { ephemeralFromScalar, generateEphemeral } from './ephemeral.ts';
export type { PrivateKeyP256 } from './p256.ts';
export { generateP256, loadP256, p256FromScalar } from './p256.ts';
export { PublicKeyCache } from './public-key-cache.ts';
export { parseSpki, SPKI_LENGTH, spkiFromPem } from './spki.ts';
