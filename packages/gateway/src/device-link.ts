import type { DeviceId } from '@cloudchamber/kernel';
import type { Transport } from './ports.ts';

/** How a session's CoAP messages get to its device: DTLS records over UDP, or AES frames over TCP. */
export interface DeviceLink {
  readonly transport: Transport;
  /** Messages arrive, once and in order: nothing is repeated, and devices acknowledge little of it (protocol section 2.3). */
  readonly reliable: boolean;
  /** Whom the handshake said to be the peer; over UDP Hello tells. */
  readonly deviceId?: DeviceId;
  /** What the peer proved to own in the handshake. */
  readonly publicKey: Uint8Array;
  /** The SPKI of the cloud's own key that the handshake was made with, so the one that the device holds; absent when this process made no handshake. */
  readonly serverKey?: Uint8Array;
  /** The peer's IP address as text, as of the last fresh message. */
  readonly address: string;
  readonly port: number;
  /** Encrypts and sends one CoAP message. */
  send(message: Uint8Array): void;
  /** Ends it: `discard` makes the device forget its keys and handshake anew, `refuse` does so for a device that may not connect, `silent` says nothing. */
  close(how: 'discard' | 'refuse' | 'silent'): void;
  /** Drops what can be made again, after some idle time. */
  coolDown(): void;
}
