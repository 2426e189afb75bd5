import { WireError } from '../wire-error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPLACEMENT = '\ufffd';

/**
 * Text that names something. `clause` is what a failure cites.
 * @throws WireError `malformed` for bytes that are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, clause: string): string {
  const text = decodeUtf8Leniently(bytes);
  // Several times as fast as the strict decoder, which is only asked when a replacement shows up: it may have been sent as such.
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strict.decode(bytes);
  } catch {
    throw new WireError('malformed', 'text that is not UTF-8', clause);
  }
}

/** Text that is only shown: every sequence that is not UTF-8 becomes U+FFFD. */
export function decodeUtf8Leniently(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
