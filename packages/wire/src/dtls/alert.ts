import { WireError } from '../wire-error.ts';

/** RFC 5246 section 7.2. */
export const AlertLevel = { WARNING: 1, FATAL: 2 } as const;

/** The descriptions that this protocol uses (RFC 5246 section 7.2). */
export const AlertDescription = {
  CLOSE_NOTIFY: 0,
  UNEXPECTED_MESSAGE: 10,
  BAD_RECORD_MAC: 20,
  RECORD_OVERFLOW: 22,
  HANDSHAKE_FAILURE: 40,
  BAD_CERTIFICATE: 42,
  UNSUPPORTED_CERTIFICATE: 43,
  ILLEGAL_PARAMETER: 47,
  ACCESS_DENIED: 49,
  DECODE_ERROR: 50,
  DECRYPT_ERROR: 51,
  PROTOCOL_VERSION: 70,
  INTERNAL_ERROR: 80,
  UNSUPPORTED_EXTENSION: 110,
} as const;
export type AlertDescription = (typeof AlertDescription)[keyof typeof AlertDescription];

export interface Alert {
  /** 1 warning, 2 fatal. */
  readonly level: number;
  readonly description: number;
}

/** @throws WireError `malformed` when it is not two bytes with a known level */
export function decodeAlert(plaintext: Uint8Array): Alert {
  const [level, description] = plaintext;
  const known = level === AlertLevel.WARNING || level === AlertLevel.FATAL;
  if (plaintext.length !== 2 || !known || description === undefined) {
    throw new WireError('malformed', 'not an alert', 'RFC 5246 7.2', 0);
  }
  return { level, description };
}

/** The two bytes of an alert. */
export function encodeAlert(alert: Alert): Buffer {
  return Buffer.from([alert.level, alert.description]);
}

/** The two bytes that end an association in good order; sealed, they make a device drop its session (protocol section 1.10). */
export function closeNotify(): Buffer {
  return encodeAlert({ level: AlertLevel.WARNING, description: AlertDescription.CLOSE_NOTIFY });
}
