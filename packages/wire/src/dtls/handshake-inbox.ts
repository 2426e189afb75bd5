import { encodeMessage, HANDSHAKE_HEADER_LENGTH, type HandshakeFragment } from './handshake/fragment.ts';

/** A whole handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly messageSeq: number;
  readonly body: Uint8Array;
  /** Header and body as one unfragmented message, for the transcript. */
  readonly bytes: Uint8Array;
}

/** The longest message kept; those of this protocol stay under 300 bytes. */
export const MAX_MESSAGE = 2048;
/** How far ahead of the next message others are kept. With `MAX_MESSAGE` this bounds an inbox to 16 KB. */
export const MAX_AHEAD = 8;

interface Slot {
  readonly type: number;
  readonly bytes: Buffer;
  /** One flag per byte of the body; absent when the message came in one piece. */
  readonly have: Uint8Array | undefined;
  missing: number;
}

/** Puts handshake messages together and in order (RFC 6347 sections 4.2.2 and 4.2.3), in bounded memory. */
export class HandshakeInbox {
  readonly #slots = new Map<number, Slot>();
  #next: number;

  /** @param next the sequence number of the first message to come */
  constructor(next: number) {
    this.#next = next;
  }

  /** The sequence number of the message that `take` will give next. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of message that are kept, whole or not. */
  get heldBytes(): number {
    let total = 0;
    for (const slot of this.#slots.values()) total += slot.bytes.length;
    return total;
  }

  /** Copies a fragment in. One that is old, too far ahead, too long, or at odds with an earlier one changes nothing. */
  accept(fragment: HandshakeFragment): void {
    const { messageSeq, length, body, offset, type } = fragment;
    if (messageSeq < this.#next || messageSeq >= this.#next + MAX_AHEAD || length > MAX_MESSAGE) return;
    const slot = this.#slots.get(messageSeq);
    if (slot === undefined) {
      if (body.length > 0 || length === 0) this.#slots.set(messageSeq, newSlot(fragment));
      return;
    }
    if (slot.have === undefined || slot.type !== type || slot.have.length !== length) return;
    if (agrees(slot, slot.have, offset, body)) fill(slot, slot.have, offset, body);
  }

  /** The next message in order once it is whole. */
  take(): HandshakeMessage | undefined {
    const slot = this.#slots.get(this.#next);
    if (slot === undefined || slot.missing > 0) return undefined;
    this.#slots.delete(this.#next);
    const messageSeq = this.#next++;
    return { type: slot.type, messageSeq, bytes: slot.bytes, body: slot.bytes.subarray(HANDSHAKE_HEADER_LENGTH) };
  }
}

function newSlot({ type, messageSeq, length, offset, body }: HandshakeFragment): Slot {
  if (body.length === length) {
    return { type, bytes: encodeMessage(type, messageSeq, body), have: undefined, missing: 0 };
  }
  const have = new Uint8Array(length);
  const slot = { type, bytes: encodeMessage(type, messageSeq, have), have, missing: length };
  fill(slot, have, offset, body);
  return slot;
}

function agrees(slot: Slot, have: Uint8Array, offset: number, body: Uint8Array): boolean {
  return body.every(
    (byte, at) => have[offset + at] === 0 || slot.bytes[HANDSHAKE_HEADER_LENGTH + offset + at] === byte,
  );
}

function fill(slot: Slot, have: Uint8Array, offset: number, body: Uint8Array): void {
  for (const flag of have.subarray(offset, offset + body.length)) if (flag === 0) slot.missing--;
  have.fill(1, offset, offset + body.length);
  slot.bytes.set(body, HANDSHAKE_HEADER_LENGTH + offset);
}
