import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';

export const HANDSHAKE_HEADER_LENGTH = 12;

/** A piece of a handshake message (RFC 6347 section 4.2.2), or all of it when `body` is `length` long. */
export interface HandshakeFragment {
  readonly type: number;
  /** Of the whole message's body. */
  readonly length: number;
  readonly messageSeq: number;
  readonly offset: number;
  /** A view on the input. */
  readonly body: Uint8Array;
}

/**
 * The fragments in the plaintext of one handshake record; there may be several (RFC 6347 section 4.2.3).
 * @throws WireError `truncated`, or `malformed` for a fragment outside its message
 */
export function decodeFragments(plaintext: Uint8Array): HandshakeFragment[] {
  const reader = new WireReader(plaintext, 'RFC 6347 4.2.2');
  const fragments: HandshakeFragment[] = [];
  do {
    const type = reader.u8();
    const length = reader.u24();
    const messageSeq = reader.u16();
    const offset = reader.u24();
    const body = reader.bytes(reader.u24());
    if (offset + body.length > length) {
      throw new WireError('malformed', 'a fragment reaches outside its message', 'RFC 6347 4.2.2', reader.offset);
    }
    fragments.push({ type, length, messageSeq, offset, body });
  } while (reader.remaining > 0);
  return fragments;
}

/** A whole message as one fragment: the form that is sent, and that transcripts hash (RFC 6347 section 4.2.6). */
export function encodeMessage(type: number, messageSeq: number, body: Uint8Array): Buffer {
  return encodeFragment({ type, length: body.length, messageSeq, offset: 0, body });
}

/** One fragment with its 12-byte header. */
export function encodeFragment(fragment: HandshakeFragment): Buffer {
  const out = Buffer.allocUnsafe(HANDSHAKE_HEADER_LENGTH + fragment.body.length);
  out[0] = fragment.type;
  out.writeUIntBE(fragment.length, 1, 3);
  out.writeUInt16BE(fragment.messageSeq, 4);
  out.writeUIntBE(fragment.offset, 6, 3);
  out.writeUIntBE(fragment.body.length, 9, 3);
  out.set(fragment.body, HANDSHAKE_HEADER_LENGTH);
  return out;
}
