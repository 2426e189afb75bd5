import { WireError } from '../wire-error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Short ASCII is most of what comes: it is read without the decoder, which costs more than the text. */
const SHORT = 64;

/**
 * Text that names something. `clause` is what a failure cites.
 * @throws WireError `malformed` for bytes that are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, clause: string): string {
  if (bytes.length <= SHORT && isAscii(bytes)) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  try {
    return strict.decode(bytes);
  } catch {
    throw new WireError('malformed', 'text that is not UTF-8', clause);
  }
}

/** Text that is only shown: every sequence that is not UTF-8 becomes U+FFFD. */
export function decodeUtf8Leniently(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte > 0x7f) return false;
  }
  return true;
}
