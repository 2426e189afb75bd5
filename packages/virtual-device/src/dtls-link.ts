import type { DeviceId, Entropy } from '@cloudchamber/kernel';
import {
  AlertDescription,
  AlertLevel,
  ClientHandshake,
  ContentType,
  decodeAlert,
  type HandshakeOutput,
  type PrivateKeyP256,
  parseRecords,
  RecordSession,
  type RecordView,
  type SessionSecrets,
  WireError,
} from '@cloudchamber/wire';
import { endOfHandshake } from './connection-end.ts';
import type { DatagramSocket, ServerAddress } from './datagram-socket.ts';
import type { Link, LinkEvents } from './link.ts';

export interface DtlsLinkOptions extends LinkEvents {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyP256;
  readonly serverSpki: Uint8Array;
  readonly entropy: Entropy;
  readonly offerCid: boolean;
  /** Record type of application data after `resume`, until the server was heard (protocol section 1.5). */
  readonly movedRecordType: number;
  /** The largest CoAP message that goes through, in bytes; what is larger is lost on the way in. */
  readonly maxMessageSize: number;
  readonly socket: DatagramSocket;
  readonly server: ServerAddress;
}

/** A device's secure way to its server over UDP: by a full handshake or with a kept session (protocol sections 1.2 to 1.8). */
export class DtlsLink implements Link {
  readonly reliable = false;
  readonly #options: DtlsLinkOptions;
  #handshake: ClientHandshake | undefined;
  #session: RecordSession | undefined;
  #recordType: number = ContentType.CONNECTION_ID;
  #nextWakeAt = Number.POSITIVE_INFINITY;

  constructor(options: DtlsLinkOptions) {
    this.#options = options;
  }

  get nextWakeAt(): number {
    return this.#nextWakeAt;
  }

  listen(receive: (bytes: Uint8Array) => void): void {
    this.#options.socket.onDatagram((datagram) => receive(datagram));
  }

  handshake(now: number): void {
    const { identity, serverSpki, entropy, offerCid } = this.#options;
    this.#handshake = new ClientHandshake({ identity, serverSpki, entropy, offerCid }, now);
    this.#apply(this.#handshake.start());
  }

  /** Records say that the address may have changed, until the server answers. */
  resume(secrets: SessionSecrets): void {
    this.#session = new RecordSession('client', secrets);
    this.#recordType = this.#options.movedRecordType;
  }

  exportSecrets(): SessionSecrets | undefined {
    return this.#session?.exportSecrets();
  }

  send(message: Uint8Array): void {
    if (this.#session === undefined) return;
    const { maxMessageSize, deviceId } = this.#options;
    if (message.length > maxMessageSize) {
      throw new WireError('too_large', `a message of ${message.length} bytes`, 'protocol section 3.4');
    }
    const record = this.#session.seal(ContentType.APPLICATION_DATA, message, this.#recordType);
    this.#options.moved();
    const marked = this.#recordType === ContentType.MOVED_DEVICE_ID;
    this.#transmit(marked ? withDeviceId(record, deviceId) : record);
  }

  /** Takes in a datagram. What isn't authentic is dropped: nothing in the clear ends a session (protocol section 1.10). */
  receive(datagram: Uint8Array, now: number): void {
    // 0- and 1-byte datagrams are keep-alives of old (protocol section 1.1).
    if (datagram.length <= 1) return;
    if (this.#handshake !== undefined) return this.#apply(this.#handshake.receive(datagram, now));
    for (const record of orUndefined(() => parseRecords(datagram)) ?? []) this.#open(datagram, record);
  }

  wake(now: number): void {
    if (this.#handshake === undefined || now < this.#nextWakeAt) return;
    this.#nextWakeAt = Number.POSITIVE_INFINITY;
    this.#apply(this.#handshake.wake(now));
  }

  coolDown(): void {
    this.#session?.coolDown();
  }

  close(): void {
    this.#options.socket.close().catch(() => {});
  }

  #transmit(datagram: Uint8Array): void {
    const { socket, server } = this.#options;
    socket.send(datagram, server.address, server.port);
  }

  #apply(outputs: readonly HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#transmit(output.datagram);
      else if (output.kind === 'wake') this.#nextWakeAt = output.at;
      else this.#finish(output);
    }
  }

  #finish(output: Extract<HandshakeOutput, { kind: 'established' | 'failed' }>): void {
    this.#handshake = undefined;
    this.#nextWakeAt = Number.POSITIVE_INFINITY;
    if (output.kind === 'failed') return this.#options.ended(endOfHandshake(output.reason));
    this.#session = output.session;
    this.#options.established();
  }

  #open(datagram: Uint8Array, record: RecordView): void {
    const session = this.#session;
    const opened = session && orUndefined(() => session.open(datagram, record));
    if (opened?.type === ContentType.APPLICATION_DATA) {
      if (opened.plaintext.length > this.#options.maxMessageSize) return;
      this.#recordType = ContentType.CONNECTION_ID;
      this.#options.message(opened.plaintext);
    } else if (opened?.type === ContentType.ALERT) {
      this.#alerted(opened.plaintext);
    }
  }

  #alerted(plaintext: Uint8Array): void {
    const alert = orUndefined(() => decodeAlert(plaintext));
    if (alert?.description === AlertDescription.CLOSE_NOTIFY) this.#options.ended('closed');
    else if (alert?.level === AlertLevel.FATAL) this.#options.ended('refused');
  }
}

/** After a resume devices up to 3.0 change the type of the sealed record and put their id behind the datagram, with its length (protocol section 1.5). */
function withDeviceId(record: Uint8Array, deviceId: DeviceId): Buffer {
  const id = Buffer.from(deviceId, 'hex');
  const datagram = Buffer.concat([record, id, Uint8Array.of(id.length)]);
  datagram[0] = ContentType.MOVED_DEVICE_ID;
  return datagram;
}

/** The strict reading of bytes from the network; what fails is dropped (RFC 6347 section 4.1.2.7). */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
