import { createECDH } from 'node:crypto';
import { WireError } from '../wire-error.ts';
import { POINT_LENGTH } from './spki.ts';

/** One side's half of an ephemeral P-256 key agreement. Used for one handshake and forgotten. */
export interface EphemeralP256 {
  /** Our public point, 65 bytes, uncompressed. */
  readonly point: Uint8Array;
  /**
   * The pre-master secret, 32 bytes: the x-coordinate (RFC 8422 section 5.10).
   * @throws WireError `malformed` when `peerPoint` is not 65 bytes of an uncompressed point on the curve
   */
  agree(peerPoint: Uint8Array): Uint8Array;
}

/** A fresh half from the operating system's randomness. */
export function generateEphemeral(): EphemeralP256 {
  const ecdh = createECDH('prime256v1');
  return ofEcdh(ecdh, ecdh.generateKeys());
}

/** The half with this 32-byte private scalar, for vectors. */
export function ephemeralFromScalar(scalar: Uint8Array): EphemeralP256 {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  return ofEcdh(ecdh, ecdh.getPublicKey());
}

function ofEcdh(ecdh: ReturnType<typeof createECDH>, point: Uint8Array): EphemeralP256 {
  return {
    point,
    agree(peerPoint) {
      if (peerPoint.length !== POINT_LENGTH || peerPoint[0] !== 4) {
        throw new WireError('malformed', 'not an uncompressed P-256 point', 'RFC 8422 5.4.1');
      }
      try {
        return ecdh.computeSecret(peerPoint);
      } catch {
        throw new WireError('malformed', 'the point is not on the curve', 'RFC 8422 5.11');
      }
    },
  };
}
