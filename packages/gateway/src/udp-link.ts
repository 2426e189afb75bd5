import { AlertDescription, AlertLevel, ContentType, encodeAlert, type RecordSession } from '@cloudchamber/wire';
import type { DatagramSocket } from './datagram-socket.ts';
import type { DeviceLink } from './device-link.ts';

/** Who reserves sequence numbers. */
export interface NumberReserve {
  /** Few are left. Called for each record until there are more. */
  runningLow(): void;
}

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
  #ceiling = Number.POSITIVE_INFINITY;
  #lowWater = 0;
  #reserve: NumberReserve | undefined;

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
    if (serverKey !== undefined) this.serverKey = serverKey;
    this.#socket = socket;
    this.#address = address;
    this.#port = port;
  }

  get address(): string {
    return this.#address;
  }

  get port(): number {
    return this.#port;
  }

  isAt(address: string, port: number): boolean {
    return port === this.#port && address === this.#address;
  }

  moveTo(address: string, port: number): void {
    this.#address = address;
    this.#port = port;
  }

  /** From now on only records with sequence numbers below `ceiling` are sent; with `lowWater` or fewer left the reserve is told. */
  limit(ceiling: number, lowWater: number, reserve: NumberReserve): void {
    this.#ceiling = ceiling;
    this.#lowWater = lowWater;
    this.#reserve = reserve;
  }

  send(message: Uint8Array): void {
    this.#seal(ContentType.APPLICATION_DATA, message);
  }

  /** Any encrypted close or fatal alert makes the device erase its session and handshake anew (protocol section 1.10). */
  close(how: 'discard' | 'refuse' | 'silent'): void {
    if (how === 'silent') return;
    const alert =
      how === 'refuse'
        ? encodeAlert({ level: AlertLevel.FATAL, description: AlertDescription.ACCESS_DENIED })
        : encodeAlert({ level: AlertLevel.WARNING, description: AlertDescription.CLOSE_NOTIFY });
    this.#seal(ContentType.ALERT, alert);
  }

  coolDown(): void {
    this.record.coolDown();
  }

  /** A message that finds no number left is lost, as on the way: a number that is used twice would break the cipher. */
  #seal(type: number, plaintext: Uint8Array): void {
    const left = this.#ceiling - this.record.writeSequence;
    if (left <= this.#lowWater) this.#reserve?.runningLow();
    if (left > 0) this.#socket.send(this.record.seal(type, plaintext), this.#address, this.#port);
  }
}
