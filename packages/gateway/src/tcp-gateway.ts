import type { PrivateKeyRsa } from '@cloudchamber/wire';
import type { DeviceSession, SessionEnvironment } from './device-session.ts';
import type { SessionTable } from './session-table.ts';
import type { StreamConnection, StreamListener } from './stream-listener.ts';
import { TcpConnection } from './tcp-connection.ts';

export interface TcpGatewayOptions {
  /** The cloud's RSA-2048 key. */
  readonly identity: PrivateKeyRsa;
  readonly listener: StreamListener;
  readonly sessions: SessionTable;
  readonly environment: SessionEnvironment;
}

/**
 * AES over TCP (CON-03, CON-11, protocol section 2): a connection for each device, and limits for those that have not proven to be one. Connections wait for a device's
 * Hello at most 30 s and then 10 s, and for the rest of a frame 10 s.
 */
export class TcpGateway {
  readonly #options: TcpGatewayOptions;
  readonly #connections = new Set<TcpConnection>();
  readonly #ofSession = new WeakMap<DeviceSession, TcpConnection>();
  /** Connections that have not been admitted, and their peers' addresses. */
  readonly #unauthenticated = new Map<TcpConnection, string>();
  readonly #perAddress = new Map<string, number>();
  #identities: readonly [PrivateKeyRsa, ...PrivateKeyRsa[]];

  constructor(options: TcpGatewayOptions) {
    this.#options = options;
    this.#identities = [options.identity];
    options.listener.onConnection((stream) => this.#accept(stream));
  }

  /** Takes handshakes under these keys from now on: a device shows by its offer which one it holds. */
  useIdentities(identities: readonly [PrivateKeyRsa, ...PrivateKeyRsa[]]): void {
    this.#identities = identities;
  }

  /** Connections that have not proven to be a device's. */
  get unauthenticated(): number {
    return this.#unauthenticated.size;
  }

  /** Cuts connections whose peer is too slow. */
  tick(now: number): void {
    for (const connection of this.#connections) if (connection.deadline <= now) connection.expire();
  }

  /** The session's device was admitted: its connection no longer counts against its address. */
  admitted(session: DeviceSession): void {
    const connection = this.#ofSession.get(session);
    if (connection) this.#settle(connection);
  }

  /** The session is over, and with it its connection. */
  ended(session: DeviceSession): void {
    this.#ofSession.get(session)?.close();
  }

  /** The server stops and closes its connections. */
  stop(): void {
    for (const connection of this.#connections) connection.leave();
  }

  #accept(stream: StreamConnection): void {
    const { environment, sessions } = this.#options;
    if (!this.#hasRoom(stream.address)) {
      environment.counters.add('refused', 'too_many');
      const facts = { transport: 'tcp', stage: 'nonce', reason: 'too_many', keyProved: false } as const;
      const at = environment.clock.now();
      environment.ports.connectionEnded({ ...facts, address: stream.address, port: stream.port, at });
      return stream.destroy();
    }
    const connection = new TcpConnection({
      stream,
      identities: this.#identities,
      environment,
      established: (session) => {
        this.#ofSession.set(session, connection);
        sessions.add(session);
      },
    });
    this.#connections.add(connection);
    this.#unauthenticated.set(connection, stream.address);
    this.#perAddress.set(stream.address, (this.#perAddress.get(stream.address) ?? 0) + 1);
    stream.onClose(() => {
      this.#connections.delete(connection);
      this.#settle(connection);
    });
  }

  #hasRoom(address: string): boolean {
    const { sessions, environment } = this.#options;
    const { maxTcpUnauthenticated, maxTcpUnauthenticatedPerAddress, maxSessions } = environment.settings;
    return (
      this.#unauthenticated.size < maxTcpUnauthenticated &&
      (this.#perAddress.get(address) ?? 0) < maxTcpUnauthenticatedPerAddress &&
      sessions.size < maxSessions
    );
  }

  #settle(connection: TcpConnection): void {
    const address = this.#unauthenticated.get(connection);
    if (address === undefined) return;
    this.#unauthenticated.delete(connection);
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
