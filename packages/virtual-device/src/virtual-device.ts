import { type DeviceId, errorMessage, type Logger, seconds, silentLogger, type Timer } from '@cloudchamber/kernel';
import {
  DescribeFlag,
  encodeSubscribe,
  formatCode,
  isSuccessCode,
  ModuleFunction,
  type ModuleImage,
  type SubscriptionContent,
} from '@cloudchamber/wire';
import { Application } from './application.ts';
import type { ReceivedEvent } from './behaviours/behaviour.ts';
import { Connection } from './connection.ts';
import { CONNECTION_ENDS, type ConnectionEnd } from './connection-end.ts';
import { deferred } from './deferred.ts';
import { DescribeAnswers } from './describe-answers.ts';
import { DeviceError } from './device-error.ts';
import { deviceLog } from './device-log.ts';
import { deviceMetrics } from './device-metrics.ts';
import { type DeviceState, type DeviceStats, newStats, type StateChange } from './device-state.ts';
import { digest } from './digest.ts';
import { eventMessage } from './event-message.ts';
import { checkImage } from './firmware/check-image.ts';
import { FirmwareStore } from './firmware/firmware-store.ts';
import { FirmwareUpdater } from './firmware/firmware-updater.ts';
import { drawFault, type UpdateFault } from './firmware/update-fault.ts';
import { UpdateRules } from './firmware/update-rules.ts';
import { sayGoodbye } from './goodbye.ts';
import { introduce, postDescribe, publishUpdateFlags, reintroduce, subscribeAll } from './introduction.ts';
import type { Link, LinkEvents } from './link.ts';
import { openLink } from './open-link.ts';
import { PersistentAttempts } from './persistent-attempts.ts';
import { type DeviceProfile, deviceOs62 } from './profiles/index.ts';
import type { PublishOptions } from './publish-options.ts';
import { handleRequest } from './requests/handle-request.ts';
import type { RequestContext } from './requests/request-context.ts';
import { memoryStorage, type SessionStorage } from './session-storage.ts';
import { loadSession, type StoredSession } from './stored-session.ts';
import { Surroundings } from './surroundings.ts';
import type { DisconnectOptions, TcpDeviceOptions, VirtualDeviceOptions } from './virtual-device-options.ts';

const NOT_SET = 0xffff;
const NOTHING = { functions: {}, variables: {}, subscriptions: [] };

/**
 * A device that speaks the Particle device protocol (protocol section 13): connects by handshake or by resuming its session, stays connected, comes back
 * after failures, answers the server, publishes and subscribes. It stands in for a real one, towards any cloud.
 */
export class VirtualDevice {
  readonly deviceId: DeviceId;
  readonly stats: DeviceStats = newStats();
  readonly #options: VirtualDeviceOptions | TcpDeviceOptions;
  readonly #profile: DeviceProfile;
  readonly #application: Application;
  readonly #describe: DescribeAnswers;
  readonly #firmware: FirmwareStore;
  readonly #rules: UpdateRules;
  readonly #storage: SessionStorage;
  readonly #binding: string;
  readonly #log: Logger;
  readonly #listeners = new Set<(change: StateChange) => void>();
  #bootedAt: number;
  #state: DeviceState = 'offline';
  #signalled = false;
  #timeOffsetMs: number | undefined;
  #attempts: PersistentAttempts | undefined;
  #running: Promise<void> | undefined;
  #leaving: Promise<void> | undefined;
  #connected: PromiseWithResolvers<void> | undefined;
  #connection: Connection | undefined;
  #updater: FirmwareUpdater | undefined;
  #stopBehaviour: (() => void) | undefined;
  #claimCode: string | undefined;
  /** Made when somebody asks. */
  #surroundings: Surroundings | undefined;

  constructor(options: VirtualDeviceOptions | TcpDeviceOptions) {
    const { deviceId, identity, serverSpki, server, clock, entropy } = options;
    this.#options = options;
    this.deviceId = deviceId;
    this.#profile = options.profile ?? deviceOs62;
    if ((this.#profile.transport === 'tcp') !== 'openStream' in options) {
      const needs = this.#profile.transport === 'tcp' ? 'openStream and an RSA key' : 'openSocket and a P-256 key';
      throw new DeviceError(
        'device.unsupported',
        `${this.#profile.name} is on ${this.#profile.transport}: it needs ${needs}`,
      );
    }
    this.#storage = options.storage ?? memoryStorage();
    this.#log = deviceLog(options.log ?? silentLogger, deviceId);
    this.#bootedAt = clock.monotonic();
    this.#describe = new DescribeAnswers(Math.floor(entropy.fraction() * 0x10000));
    this.#binding = digest(serverSpki, identity.spki, deviceId, `${server.address} ${server.port}`, this.#profile.name);
    const publish: VirtualDevice['publish'] = (...event) => this.publish(...event);
    this.#rules = new UpdateRules(options.updatesEnabled ?? true, drawFault(options.updateFault, entropy));
    const updatePending = (): boolean => this.#rules.pending;
    const behaviour = options.behaviour?.({ deviceId, clock, entropy, publish, updatePending }) ?? NOTHING;
    this.#firmware = options.firmware ?? new FirmwareStore();
    this.#application = new Application(behaviour, this.#profile, this.#firmware, () => this.#metrics());
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Whether the cloud has it show its rainbow LED (protocol section 6.6). */
  get signalled(): boolean {
    return this.#signalled;
  }

  /** Wall time as the cloud last told it, in ms since 1970; undefined before it did. */
  get cloudTime(): number | undefined {
    return this.#timeOffsetMs === undefined ? undefined : this.#options.clock.monotonic() + this.#timeOffsetMs;
  }

  /** Whether its application needs modules that it lacks, so that it does not run (protocol section 7.1). */
  get safeMode(): boolean {
    return this.#application.safeMode;
  }

  /** Whether the cloud says that it has an update for the device (protocol section 7.2). */
  get updatePending(): boolean {
    return this.#rules.pending;
  }

  /** Whether the cloud forces updates on the device, until it restarts (protocol section 7.2). */
  get updatesForced(): boolean {
    return this.#rules.forced;
  }

  /** How it fails its updates from now on; undefined when it takes them. */
  get updateFault(): UpdateFault | undefined {
    return this.#rules.fault;
  }

  /** Has it fail its updates from now on, or take them when `fault` is undefined. `percent` is drawn anew. */
  setUpdateFault(fault: UpdateFault | undefined): void {
    this.#rules.fault = drawFault(fault, this.#options.entropy);
  }

  /** What its application thinks of updates from now on. Resolves when the cloud has been told, or at once without a connection. Throws as `publish`. */
  async setUpdatesEnabled(enabled: boolean): Promise<void> {
    this.#rules.enabled = enabled;
    if (this.#connection === undefined || this.#state !== 'connected') return;
    await publishUpdateFlags(this.#connection, { profile: this.#profile, updates: this.#rules });
  }

  /**
   * Sends its metrics without being asked, as `Particle.publishVitals()` does (protocol section 8.4).
   * @throws DeviceError `device.not_connected`, `device.unsupported` for a generation without metrics, `device.rejected` when the server refused them
   */
  async publishVitals(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || this.#state !== 'connected') {
      throw new DeviceError('device.not_connected', 'the device is not connected');
    }
    if (!this.#application.hasMetrics) {
      throw new DeviceError('device.unsupported', `${this.#profile.name} has no metrics`);
    }
    if (await postDescribe(connection, this.#application, DescribeFlag.METRICS)) return;
    throw new DeviceError('device.rejected', 'the server refused the metrics');
  }

  /** The code that its next full handshake brings to the cloud; undefined when there is none, or when the cloud has taken it. */
  get claimCode(): string | undefined {
    return this.#claimCode;
  }

  /** Gives the device a claim code, as a setup tool does over USB or Wi-Fi. Its session is forgotten, so that the next connection brings the code. */
  setClaimCode(code: string): void {
    this.#claimCode = code;
    this.#storage.erase();
  }

  /** Tells of every change from now on. @returns what ends that */
  onState(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Connects, and stays connected until `disconnect`: whatever goes wrong, it waits and tries again (see `onState` for why). Resolves when it is connected.
   * @throws DeviceError `device.stopped` when `disconnect` is called first
   */
  connect(): Promise<void> {
    const connected = this.#leaving === undefined ? this.#start() : this.#leaving.then(() => this.connect());
    // Whoever doesn't wait for it doesn't want to hear that it was stopped.
    connected.catch(() => {});
    return connected;
  }

  /** Says Goodbye, waits for what is under way, and stops (protocol section 4). The session is kept: the next `connect` resumes it. */
  disconnect(options: DisconnectOptions = {}): Promise<void> {
    if (this.#running === undefined) return Promise.resolve();
    this.#leaving ??= this.#leave(options).finally(() => {
      this.#leaving = undefined;
    });
    return this.#leaving;
  }

  /**
   * Publishes an event. Resolves exactly when the server's ACK arrives: it has the event then.
   * @param name 1 to 64 bytes @param data up to 1024 bytes, less before 3.0
   * @throws DeviceError `device.not_connected`, `device.busy` or `device.unsupported` when nothing was sent, `device.rejected` when the server refused it,
   *   `device.unacknowledged` when the connection ended before an answer; WireError for a name or data that no event can have.
   */
  async publish(name: string, data: string | Uint8Array = '', options: PublishOptions = {}): Promise<void> {
    try {
      await this.#publish(name, data, options);
      this.stats.published += 1;
    } catch (error) {
      this.stats.publishFailures += 1;
      throw error;
    }
  }

  /**
   * Calls `handler` for events whose name begins with `prefix`; there is no way back (protocol section 5.4). The subscription is sent now when the device is
   * connected, otherwise with the next connection. Resolves when it was sent and acknowledged, or at once without a connection.
   * @throws as `publish`
   */
  async subscribe(
    prefix: string,
    handler: (event: ReceivedEvent) => void,
    accepts: SubscriptionContent = 'text',
  ): Promise<void> {
    const connection = this.#connection;
    this.#application.checkSubscription(accepts);
    const known = this.#application.subscriptionsDigest();
    this.#application.addSubscription({ prefix, accepts, handle: handler });
    if (connection === undefined || (this.#state !== 'introducing' && this.#state !== 'connected')) return;
    if (connection.progress.subscriptionsDigest !== known) return subscribeAll(connection, this.#application);
    const ownDevicesOnly = !this.#profile.typedEvents;
    const ack = await connection.deliver((id, confirmable) =>
      encodeSubscribe({ id, confirmable, prefix, accepts, ownDevicesOnly }),
    );
    if (ack !== undefined && !isSuccessCode(ack.code)) throw rejected(ack.code);
    connection.progress.subscriptionsDigest = this.#application.subscriptionsDigest();
    connection.save();
  }

  #start(): Promise<void> {
    const { clock, entropy } = this.#options;
    if (this.#state === 'connected') return Promise.resolve();
    this.#connected ??= deferred();
    const { promise } = this.#connected;
    if (this.#attempts !== undefined) return promise;
    this.#attempts = new PersistentAttempts({
      clock,
      entropy,
      attempt: () => this.#connectOnce(),
      waiting: (end) => {
        if (this.#state === 'connected') this.stats.disconnects += 1;
        this.#enter('waiting', end);
      },
    });
    this.#running = this.#stayConnected(this.#attempts);
    return promise;
  }

  async #publish(name: string, data: string | Uint8Array, options: PublishOptions): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || this.#state !== 'connected') {
      throw new DeviceError('device.not_connected', 'the device is not connected');
    }
    if (this.#updater?.active) throw new DeviceError('device.busy', 'the device is taking new firmware');
    const message = eventMessage(this.#profile, name, data, options);
    if (options.confirmable === false) return connection.nonConfirmable(message);
    const ack = await connection.confirmable(message);
    if (!isSuccessCode(ack.code)) throw rejected(ack.code);
  }

  async #stayConnected(attempts: PersistentAttempts): Promise<void> {
    const end = await attempts.run();
    this.#attempts = undefined;
    this.#running = undefined;
    this.#connected?.reject(new DeviceError('device.stopped', 'the device was told to disconnect'));
    this.#connected = undefined;
    this.#enter('offline', end);
  }

  async #connectOnce(): Promise<ConnectionEnd> {
    this.stats.attempts += 1;
    const stored = loadSession(this.#storage, this.#binding);
    this.#enter(stored === undefined ? 'handshaking' : 'resuming');
    let link: (events: LinkEvents) => Link;
    try {
      link = await openLink(this.#options, this.#profile);
    } catch (error) {
      this.#log.error({ error: errorMessage(error) }, 'no socket');
      return 'no_socket';
    }
    const connection = this.#open(link, stored);
    this.#connection = connection;
    if (this.#attempts?.stopped) connection.end('left');
    this.#begin(connection, stored !== undefined).catch((error: unknown) => {
      // A connection that is over says so itself.
      if (connection.over) return;
      this.#log.error({ error: errorMessage(error) }, 'fault while connecting');
      connection.end('protocol_error');
    });
    const end = await connection.ended;
    this.#updater?.stop();
    this.#updater = undefined;
    this.#stopBehaviour?.();
    this.#stopBehaviour = undefined;
    this.#connection = undefined;
    return end;
  }

  #open(link: (events: LinkEvents) => Link, stored: StoredSession | undefined): Connection {
    const { clock, entropy } = this.#options;
    const connection = new Connection(
      {
        openLink: link,
        storage: this.#storage,
        binding: this.#binding,
        profile: this.#profile,
        clock,
        entropy,
        log: this.#log,
        counts: this.stats,
        receive: (message, now) => handleRequest(context, message, now),
      },
      stored,
    );
    const updater = new FirmwareUpdater({
      connection,
      clock,
      profile: this.#profile,
      store: this.#firmware,
      rules: this.#rules,
      check: (file) => this.#rules.verdict(checkImage(file, this.#profile, this.#application.modules())),
      apply: (images) => this.#apply(connection, images),
    });
    this.#updater = updater;
    const context: RequestContext = {
      connection,
      updater,
      rules: this.#rules,
      application: this.#application,
      describe: this.#describe,
      log: this.#log,
      signal: (on) => {
        this.#signalled = on;
      },
      claimed: () => {
        this.#claimCode = undefined;
      },
      count: (what) => {
        this.stats[what] += 1;
      },
    };
    return connection;
  }

  /** Assets are stored; anything else restarts the device, unless it was told to fail there. */
  #apply(connection: Connection, images: readonly ModuleImage[]): void {
    const isCode = images.some(({ prefix }) => prefix.function !== ModuleFunction.ASSET);
    const fault = isCode ? this.#rules.fault?.kind : undefined;
    if (fault === 'never-return' || fault === 'no-restart' || fault === 'stale') {
      this.#firmware.reject();
      if (fault === 'no-restart') return;
      if (fault === 'never-return') this.#attempts?.stop();
    } else {
      this.#firmware.install(images);
      this.stats.updates += 1;
    }
    if (isCode) this.#restart(connection);
    if (fault === 'stale') this.#storage.erase();
  }

  #restart(connection: Connection): void {
    this.#rules.restart();
    this.#bootedAt = this.#options.clock.monotonic();
    connection.end('restarting');
  }

  async #begin(connection: Connection, resumed: boolean): Promise<void> {
    await connection.ready;
    if (!resumed) {
      this.stats.handshakes += 1;
      this.#enter('introducing');
    }
    const { clock } = this.#options;
    const {
      id = this.#options.productId ?? this.#profile.platformId,
      version = this.#options.productVersion ?? NOT_SET,
    } = this.#firmware.product ?? {};
    const introduction = {
      deviceId: this.deviceId,
      profile: this.#profile,
      productId: id,
      productVersion: version,
      application: this.#application,
      claimCode: this.#claimCode,
      updates: this.#rules,
      greeted: () => this.#firmware.reported(),
      learnTime: (unixSeconds: number) => {
        this.#timeOffsetMs = seconds(unixSeconds) - clock.monotonic();
      },
    };
    if (resumed) {
      await reintroduce(connection, introduction, () => {
        this.stats.resumes += 1;
        this.#enter('introducing');
      });
    } else {
      await introduce(connection, introduction);
    }
    if (connection.over) return;
    connection.keepAlive();
    this.#attempts?.succeeded();
    this.#enter('connected');
    this.#stopBehaviour = this.#startBehaviour();
    this.#connected?.resolve();
    this.#connected = undefined;
  }

  /** The application, and the vitals by themselves where they are wanted. @returns what ends both */
  #startBehaviour(): () => void {
    const stop = this.#application.behaviour.start?.();
    const { clock, vitalsIntervalMs } = this.#options;
    if (vitalsIntervalMs === undefined || !this.#application.hasMetrics) return () => stop?.();
    let timer: Timer;
    const again = (): void => {
      timer = clock.after(vitalsIntervalMs, () => {
        // Those that are lost with their connection are followed by the next.
        this.publishVitals().catch(() => {});
        again();
      });
    };
    again();
    return () => {
      timer.cancel();
      stop?.();
    };
  }

  async #leave(options: DisconnectOptions): Promise<void> {
    this.#attempts?.stop();
    this.#stopBehaviour?.();
    this.#stopBehaviour = undefined;
    const connection = this.#connection;
    if (connection !== undefined && this.#state === 'connected') {
      await sayGoodbye(connection, this.#profile, this.#options.clock, options);
    }
    connection?.end('left');
    await this.#running;
  }

  #metrics() {
    const { attempts: connectAttempts, ...counts } = this.stats;
    const now = this.#options.clock.monotonic();
    const uptimeMs = now - this.#bootedAt;
    this.#surroundings ??= new Surroundings(this.#profile.radio, this.#options.entropy, now);
    const measured = this.#surroundings.measure(now);
    const totalBytes = this.#profile.memoryBytes;
    const memory = this.#options.memory?.() ?? { totalBytes, freeBytes: this.#surroundings.freeOf(totalBytes) };
    return deviceMetrics({ ...counts, connectAttempts, uptimeMs, memory, measured });
  }

  #enter(state: DeviceState, end?: ConnectionEnd): void {
    this.#state = state;
    const change = end === undefined ? { state } : { state, end, explanation: CONNECTION_ENDS[end].explanation };
    this.#log.debug(change, 'state');
    for (const listener of this.#listeners) listener(change);
  }
}

function rejected(code: number): DeviceError {
  return new DeviceError('device.rejected', `the server answered ${formatCode(code)}`);
}
