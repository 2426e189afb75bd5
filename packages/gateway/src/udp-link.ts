import { AlertDescription, AlertLevel, ContentType, encodeAlert, type RecordSession } from '@cloudchamber/wire';
import type { DatagramSocket } from './datagram-socket.ts';
import type { DeviceLink } from './device-link.ts';

/** A DTLS association over the shared socket. Its peer may move: the address follows the newest authentic record (protocol section 1.9). */
export class UdpLink implements DeviceLink {
  readonly transport = 'udp';
  readonly reliable = false;
  readonly record: RecordSession;
  readonly publicKey: Uint8Array;
  readonly serverKey?: Uint8Array;
  readonly #socket: DatagramSocket;
  #address: string;
  #port: number;

  /** @param serverKey of the handshake; absent when the association is older than this process */
  constructor(
    record: RecordSession,
    publicKey: Uint8Array,
    socket: DatagramSocket,
    address: string,
    port: number,
    serverKey?: Uint8Array,
  ) {
    this.record = record;
    this.publicKey = publicKey;
    this.#socket = socket;
    this.#address = address;
    this.#port = port;
    if (serverKey !== undefined) this.serverKey = serverKey;
  }

  get address(): string {
    return this.#address;
  }

  get port(): number {
    return this.#port;
  }

  /** True when the peer was elsewhere before. */
  moveTo(address: string, port: number): boolean {
    if (port === this.#port && address === this.#address) return false;
    this.#address = address;
    this.#port = port;
    return true;
  }

  send(message: Uint8Array): void {
    this.#socket.send(this.record.seal(ContentType.APPLICATION_DATA, message), this.#address, this.#port);
  }

  /** Any encrypted close or fatal alert makes the device erase its session and handshake anew (protocol section 1.10). */
  close(how: 'discard' | 'refuse' | 'silent'): void {
    if (how === 'silent') return;
    const alert =
      how === 'refuse'
        ? encodeAlert({ level: AlertLevel.FATAL, description: AlertDescription.ACCESS_DENIED })
        : encodeAlert({ level: AlertLevel.WARNING, description: AlertDescription.CLOSE_NOTIFY });
    this.#socket.send(this.record.seal(ContentType.ALERT, alert), this.#address, this.#port);
  }

  coolDown(): void {
    this.record.coolDown();
  }
}
