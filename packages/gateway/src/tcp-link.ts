import type { DeviceId } from '@cloudchamber/kernel';
import type { StreamSession } from '@cloudchamber/wire';
import type { DeviceLink } from './device-link.ts';
import type { StreamConnection } from './stream-listener.ts';

/** AES frames over a TCP connection. It ends with the connection: there is nothing to resume (protocol section 2). */
export class TcpLink implements DeviceLink {
  readonly transport = 'tcp';
  readonly reliable = true;
  readonly deviceId: DeviceId;
  readonly publicKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly address: string;
  readonly port: number;
  readonly #session: StreamSession;
  readonly #stream: StreamConnection;
  readonly #overfull: () => void;
  readonly #maxUnreadBytes: number;

  /** @param overfull called when more than `maxUnreadBytes` wait for a peer that does not read */
  constructor(session: StreamSession, stream: StreamConnection, maxUnreadBytes: number, overfull: () => void) {
    this.deviceId = session.deviceId;
    this.publicKey = session.publicKey;
    this.serverKey = session.serverKey;
    this.address = stream.address;
    this.port = stream.port;
    this.#session = session;
    this.#stream = stream;
    this.#maxUnreadBytes = maxUnreadBytes;
    this.#overfull = overfull;
  }

  send(message: Uint8Array): void {
    this.#stream.write(this.#session.frames.seal(message));
    if (this.#stream.unreadBytes > this.#maxUnreadBytes) this.#overfull();
  }

  /** Every way to end it is the same: the device connects again with a new handshake. */
  close(): void {
    this.#stream.end();
  }

  coolDown(): void {
    this.#session.frames.coolDown();
  }
}
