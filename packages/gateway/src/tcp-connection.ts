import { errorMessage, seconds } from '@cloudchamber/kernel';
import {
  type PrivateKeyRsa,
  type StreamHandshakeOutput,
  StreamServerHandshake,
  type StreamSession,
  WireError,
} from '@cloudchamber/wire';
import type { ConnectionFailure } from './connection-outcome.ts';
import { DeviceSession, type SessionEnvironment } from './device-session.ts';
import { streamFailure } from './handshake-outcome.ts';
import { MessageOrder } from './message-order.ts';
import type { RefusalReason } from './ports.ts';
import type { StreamConnection } from './stream-listener.ts';
import { TcpLink } from './tcp-link.ts';

/** How long a connection that we close may take to send what is left. */
const CLOSING_MS = seconds(5);

export interface TcpConnectionOptions {
  readonly stream: StreamConnection;
  readonly identities: readonly [PrivateKeyRsa, ...PrivateKeyRsa[]];
  readonly environment: SessionEnvironment;
  /** The handshake ended: the session waits for Hello. */
  established(session: DeviceSession): void;
}

/** What a connection is cut for, in the words of outcomes; anything else is bytes that make no sense. */
const CUT_FOR: Readonly<Record<string, ConnectionFailure>> = {
  too_slow: 'no_hello',
  unread: 'closed',
  fault: 'fault',
};

/** One TCP connection from its nonce to its end. Whatever is wrong with it, it is closed: a stream that went wrong once can't be trusted again. */
export class TcpConnection {
  /** When it is cut unless the peer goes on, monotonic ms; Infinity when nothing is due. */
  deadline: number;
  readonly #options: TcpConnectionOptions;
  readonly #handshake: StreamServerHandshake;
  #secure: StreamSession | undefined;
  #order: MessageOrder | undefined;
  #session: DeviceSession | undefined;
  #closing = false;
  #left = false;

  constructor(options: TcpConnectionOptions) {
    const { stream, identities, environment } = options;
    this.#options = options;
    this.#handshake = new StreamServerHandshake({ identities, entropy: environment.entropy });
    this.deadline = this.#now() + environment.settings.tcpOfferTimeoutMs;
    environment.counters.add('handshakes_started');
    stream.onData((bytes) => this.#receive(bytes));
    stream.onClose(() => this.#closed());
    this.#apply(this.#handshake.start());
  }

  get session(): DeviceSession | undefined {
    return this.#session;
  }

  /** The deadline has passed. */
  expire(): void {
    if (this.#closing) return this.#options.stream.destroy();
    if (this.#secure === undefined) return this.#refuse('too_slow', 'timed_out');
    this.cut('too_slow');
  }

  /** Ends it at once, and its session. @param reason from a closed set, for the counters */
  cut(reason: string): void {
    this.#options.environment.counters.add('streams_cut', reason);
    const failure = CUT_FOR[reason] ?? 'unreadable';
    if (this.#session === undefined) this.#tell(failure);
    this.#closing = true;
    this.#session?.end('session_ended', failure);
    this.#options.stream.destroy();
  }

  /** The server stops: whatever becomes of the connection is no doing of the peer. */
  leave(): void {
    this.#left = true;
  }

  /** Sends what is left, then closes: the session has ended. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.deadline = this.#now() + CLOSING_MS;
    this.#options.stream.end();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#closing) return;
    try {
      if (this.#secure === undefined) this.#apply(this.#handshake.receive(bytes));
      else this.#open(this.#secure, bytes);
    } catch (error) {
      // No bytes of a peer may take the process down; what gets here is a fault of ours and is logged as one.
      const { environment, stream } = this.#options;
      environment.counters.add('faults', 'stream');
      environment.log.error({ address: stream.address, error: errorMessage(error) }, 'fault while taking in a stream');
      this.cut('fault');
    }
  }

  #apply(outputs: StreamHandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#options.stream.write(output.bytes);
      else if (output.kind === 'failed') this.#refuse(output.reason, streamFailure(output.reason));
      else if (output.kind === 'established') this.#establish(output.session);
      else void this.#lookUp(output.deviceId);
    }
  }

  async #lookUp(deviceId: StreamSession['deviceId']): Promise<void> {
    const { ports, settings } = this.#options.environment;
    this.deadline = this.#now() + settings.tcpHelloTimeoutMs;
    let key: Uint8Array | undefined;
    try {
      key = await ports.publicKeyOf(deviceId);
    } catch {
      if (!this.#closing) this.#refuse('unavailable', 'unavailable');
      return;
    }
    if (!this.#closing) this.#apply(this.#handshake.useKey(key));
  }

  #establish(secure: StreamSession): void {
    const { stream, environment, established } = this.#options;
    const { settings, counters } = environment;
    counters.add('handshakes_completed');
    this.#secure = secure;
    this.#order = new MessageOrder(secure.firstMessageId);
    this.deadline = this.#now() + settings.tcpHelloTimeoutMs;
    const link = new TcpLink(secure, stream, settings.maxTcpUnreadBytes, () => this.cut('unread'));
    this.#session = new DeviceSession(environment, link);
    established(this.#session);
  }

  /** Frames are opened one by one: what a message causes, such as the end of the session, counts for those behind it. */
  #open({ frames }: StreamSession, bytes: Uint8Array): void {
    let complete = false;
    try {
      for (const message of frames.open(bytes)) {
        complete = true;
        if (!this.#order?.accepts(message)) return this.cut('out_of_order');
        if (this.#session?.receive(message) === false) return this.cut('no_message');
        if (this.#closing) return;
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.cut(error.kind);
    }
    if (this.#session?.state === 'greeting') return;
    if (!frames.partial) this.deadline = Number.POSITIVE_INFINITY;
    else if (complete || this.deadline === Number.POSITIVE_INFINITY) this.#expectFrame();
  }

  #expectFrame(): void {
    this.deadline = this.#now() + this.#options.environment.settings.tcpFrameTimeoutMs;
  }

  /** @param reason for the counters @param failure for the cloud */
  #refuse(reason: string, failure: ConnectionFailure | RefusalReason): void {
    const { environment, stream } = this.#options;
    environment.counters.add('refused', reason);
    this.#tell(failure);
    environment.log.info({ address: stream.address, reason }, 'handshake failed');
    this.#closing = true;
    stream.destroy();
  }

  /** Tells the cloud how a connection ended that became no session. */
  #tell(reason: ConnectionFailure | RefusalReason): void {
    const { stream, environment } = this.#options;
    const { peer, answered } = this.#handshake;
    environment.ports.connectionEnded({
      transport: 'tcp',
      address: stream.address,
      port: stream.port,
      stage: answered ? 'offer' : 'nonce',
      reason,
      ...peer,
      keyProved: false,
      at: environment.clock.now(),
    });
  }

  #closed(): void {
    if (!this.#closing && !this.#left && this.#session === undefined) this.#tell('closed');
    this.#closing = true;
    this.#session?.end('session_ended');
  }

  #now(): number {
    return this.#options.environment.clock.monotonic();
  }
}
