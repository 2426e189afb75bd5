/**
 * The handshake messages that both sides sign and hash, each as one unfragmented message with its 12-byte header (RFC 6347 section
 * 4.2.6). The first ClientHello and the HelloVerifyRequest stay out of it.
 */
export class Transcript {
  #messages: Uint8Array[] = [];

  add(message: Uint8Array): void {
    this.#messages.push(message);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#messages);
  }

  clear(): void {
    this.#messages = [];
  }
}
