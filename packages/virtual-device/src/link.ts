import type { SessionSecrets } from '@cloudchamber/wire';
import type { ConnectionEnd } from './connection-end.ts';

/** What a link tells its connection. */
export interface LinkEvents {
  /** Messages can be sent. `firstMessageId` is given where the handshake decides on it. */
  established(firstMessageId?: number): void;
  /** The session's counters have moved: they are to be stored now, before anything else happens. */
  moved(): void;
  /** One decrypted CoAP message from the server. */
  message(plaintext: Uint8Array): void;
  ended(end: ConnectionEnd): void;
}

/** A device's secure way to its server: DTLS records over UDP, or AES frames over TCP. It has a socket of its own. */
export interface Link {
  /** Messages arrive, once and in order: nothing is repeated, and little is acknowledged (protocol section 2.3). */
  readonly reliable: boolean;
  /** When `wake` has something to do, monotonic ms. */
  readonly nextWakeAt: number;
  /** Hands over what the network brings, to be passed to `receive`. */
  listen(receive: (bytes: Uint8Array) => void): void;
  /** Begins a full handshake. `established` or `ended` follows. */
  handshake(now: number): void;
  /** Goes on with a kept session. */
  resume(secrets: SessionSecrets): void;
  /** The session as it has to be stored; undefined while there is none, and always where sessions can't be resumed. */
  exportSecrets(): SessionSecrets | undefined;
  /** Encrypts and sends one CoAP message. @throws WireError `too_large` when this generation has no room for it */
  send(message: Uint8Array): void;
  /** Takes in what `listen` handed over. */
  receive(bytes: Uint8Array, now: number): void;
  wake(now: number): void;
  /** Drops what can be made again, after some idle time. */
  coolDown(): void;
  /** Closes the socket. */
  close(): void;
}
