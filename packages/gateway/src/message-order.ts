import { CoapType } from '@cloudchamber/wire';

/** A device may skip ids: some of its ACKs use one up (protocol section 15), and a message that it failed to send has used one too. */
const LARGEST_GAP = 16;
const HEADER_BYTES = 4;

/**
 * Whether messages of a device on TCP follow each other (protocol section 2.3). Frames carry no MAC, and a frame that was repeated, left out or tampered with decrypts to
 * a wrong header; the ids are what shows it. The first message must have exactly the id that the handshake gave. Later confirmables and non-confirmables count up, with
 * gaps of up to 16 ids; ACKs and RSTs carry an id of either side and are let through.
 */
export class MessageOrder {
  #next: number;
  #largestGap = 0;

  constructor(firstId: number) {
    this.#next = firstId;
  }

  /** @param message a CoAP message, not yet decoded @returns false when it can't be the device's next one: the connection is not to be used any further */
  accepts(message: Uint8Array): boolean {
    if (message.length < HEADER_BYTES) return false;
    const type = ((message[0] as number) >> 4) & 3;
    const isFirst = this.#largestGap === 0;
    if (!isFirst && (type === CoapType.ACK || type === CoapType.RST)) return true;
    const id = ((message[2] as number) << 8) | (message[3] as number);
    if (((id - this.#next) & 0xffff) > this.#largestGap) return false;
    this.#next = (id + 1) & 0xffff;
    this.#largestGap = LARGEST_GAP;
    return true;
  }
}
