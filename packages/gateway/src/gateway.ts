import type { Clock, DeviceId, Entropy, Logger, Timer } from '@cloudchamber/kernel';
import type { PrivateKeyP256, PrivateKeyRsa } from '@cloudchamber/wire';
import { SessionCommands } from './commands.ts';
import { Counters } from './counters.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import type { DeviceSession, SessionEnvironment } from './device-session.ts';
import { FirmwareUpdates } from './ota/firmware-updates.ts';
import type { DeviceCommands, GatewayPorts } from './ports.ts';
import { SessionTable } from './session-table.ts';
import type { SessionVault, StoredSession } from './session-vault.ts';
import { DEFAULT_SETTINGS, type GatewaySettings } from './settings.ts';
import type { StreamListener } from './stream-listener.ts';
import { TcpGateway } from './tcp-gateway.ts';
import { UdpGateway } from './udp-gateway.ts';

export interface GatewayOptions {
  readonly ports: GatewayPorts;
  /** Where DTLS sessions outlive the process; without one they don't. */
  readonly vault?: SessionVault;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  /** The cloud's long-term P-256 key: devices hold its public half (CON-01). */
  readonly identity: PrivateKeyP256;
  /** A bound socket for DTLS; absent when that transport is off. */
  readonly udp?: DatagramSocket;
  /** A listening socket for AES over TCP, with the cloud's RSA-2048 key, whose public half devices hold; absent when that transport is off. */
  readonly tcp?: { readonly listener: StreamListener; readonly identity: PrivateKeyRsa };
  readonly settings?: Partial<GatewaySettings>;
}

/** The cloud's long-term keys in use. */
export interface ServerIdentities {
  readonly ec: readonly [PrivateKeyP256, ...PrivateKeyP256[]];
  readonly rsa: readonly [PrivateKeyRsa, ...PrivateKeyRsa[]];
}

export interface GatewayGauges {
  readonly sessions: number;
  readonly online: number;
  readonly handshakes: number;
}

/** Devices' way in: owns sockets and live sessions, and knows the cloud only through `GatewayPorts`. */
export class Gateway {
  readonly commands: DeviceCommands;
  readonly counters = new Counters();
  readonly #options: GatewayOptions;
  readonly #settings: GatewaySettings;
  readonly #sessions = new SessionTable();
  readonly #outstanding = new Set<DeviceSession>();
  readonly #udp: UdpGateway | undefined;
  readonly #tcp: TcpGateway | undefined;
  readonly #updates: FirmwareUpdates;
  readonly #timers = new Set<Timer>();
  #heardUntil: number;
  #stopped = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.#heardUntil = options.clock.monotonic();
    const environment = this.#environment();
    this.#updates = new FirmwareUpdates(this.#sessions, environment);
    this.commands = new SessionCommands(this.#sessions, environment, this.#updates);
    if (options.udp) {
      const { clock, entropy, log, identity, udp: socket } = options;
      const shared = { environment, clock, entropy, log, counters: this.counters, settings: this.#settings };
      this.#udp = new UdpGateway({ ...shared, identity, socket, sessions: this.#sessions });
    }
    if (options.tcp) this.#tcp = new TcpGateway({ ...options.tcp, environment, sessions: this.#sessions });
    this.#every(this.#settings.tickMs, () => this.#tick());
    this.#every(this.#settings.sweepMs, () => this.#sweep());
    this.#every(this.#settings.heardMs, () => this.#tellHeard());
  }

  /**
   * Makes handshakes with these keys from now on: of each kind one, or two while devices are moved from one to the next. The first P-256 key is the one that a device is
   * offered of which nothing is known.
   */
  useIdentities({ ec, rsa }: ServerIdentities): void {
    this.#udp?.useIdentities(ec);
    this.#tcp?.useIdentities(rsa);
  }

  /**
   * Takes up sessions that an earlier process has left in the vault. Call it right after the constructor, before the first datagram can have come. Resolves when
   * devices may be sent something.
   * @throws what the vault or `ports.resumed` throws
   */
  async resume(sessions: readonly StoredSession[]): Promise<void> {
    if (this.#udp === undefined || sessions.length === 0) return;
    const online: DeviceId[] = [];
    for (const stored of sessions) if (this.#udp.resume(stored).online) online.push(stored.deviceId);
    this.counters.add('sessions_resumed', '', sessions.length);
    await Promise.all([this.#options.vault?.settled(), this.#options.ports.resumed(online)]);
  }

  /** What is held now, for metrics. */
  gauges(): GatewayGauges {
    let online = 0;
    for (const session of this.#sessions.values()) if (session.online) online += 1;
    return {
      sessions: this.#sessions.size,
      online,
      handshakes: (this.#udp?.handshakes ?? 0) + (this.#tcp?.unauthenticated ?? 0),
    };
  }

  /** Stops taking in datagrams and closes streams. Devices keep their sessions, for the next process to go on with those that the vault has. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#tellHeard();
    this.#updates.stop();
    this.#tcp?.stop();
    for (const session of [...this.#sessions.values()]) session.end('server_stopping');
    await Promise.all([this.#options.udp?.close(), this.#options.tcp?.listener.close()]);
  }

  #environment(): SessionEnvironment {
    const { ports, vault, clock, entropy, log } = this.#options;
    return {
      ports,
      vault,
      clock,
      entropy,
      log,
      counters: this.counters,
      settings: this.#settings,
      admitted: (session, deviceId) => {
        this.#tcp?.admitted(session);
        this.#sessions.assign(deviceId, session)?.end('replaced');
      },
      outstanding: (session) => this.#outstanding.add(session),
      ended: (session) => this.#forget(session),
      chunksAcknowledged: (session, ack, now) => this.#updates.acknowledge(session, ack, now),
      chunksMissing: (session, indices) => this.#updates.missing(session, indices),
    };
  }

  #forget(session: DeviceSession): void {
    this.#outstanding.delete(session);
    this.#sessions.remove(session, this.#udp?.routeOf(session));
    this.#tcp?.ended(session);
  }

  #tick(): void {
    const now = this.#options.clock.monotonic();
    this.#udp?.tick(now);
    this.#tcp?.tick(now);
    for (const session of this.#outstanding) {
      if (!session.tick(now)) this.#outstanding.delete(session);
    }
    this.#updates.tick(now);
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const session of this.#sessions.values()) session.sweep(now);
  }

  #tellHeard(): void {
    const { clock, ports } = this.#options;
    const monotonic = clock.monotonic();
    const wall = clock.now();
    const heard = new Map<DeviceId, number>();
    for (const session of this.#sessions.values()) {
      if (session.deviceId === undefined || session.lastHeardAt < this.#heardUntil) continue;
      heard.set(session.deviceId, Math.round(wall - (monotonic - session.lastHeardAt)));
    }
    this.#heardUntil = monotonic;
    if (heard.size > 0) ports.heard(heard);
  }

  #every(ms: number, run: () => void): void {
    const again = (): void => {
      const timer = this.#options.clock.after(ms, () => {
        this.#timers.delete(timer);
        if (this.#stopped) return;
        run();
        again();
      });
      this.#timers.add(timer);
    };
    again();
  }
}
