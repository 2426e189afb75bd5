import type {
  Admission,
  ConnectAttempt,
  ConnectionOutcome,
  Description,
  DeviceCommands,
  GatewayPorts,
  OfflineReason,
  OtaProgress,
  OtaResult,
  PublishedEvent,
  Subscription,
} from '@cloudchamber/gateway';
import type { Clock, DeviceId, Entropy, Logger } from '@cloudchamber/kernel';
import { errorMessage } from '@cloudchamber/kernel';
import type { Bus } from '../bus/index.ts';
import {
  admitDevice,
  announcedFirmware,
  claimByModem,
  DeviceDirectory,
  DeviceWrites,
  joinAnnouncedProduct,
  recordDescription,
  recordHeard,
  recordSession,
  recordSubscription,
  registeredKey,
  runningVersion,
} from '../domain/devices/index.ts';
import { DeviceFanOut, EventIntake } from '../domain/events/index.ts';
import type { UpdateJournal } from '../domain/firmware/index.ts';
import type { FleetUpdater } from '../domain/fleet-updates/index.ts';
import { type HealthCounter, PresenceLog } from '../domain/health/index.ts';
import { keyFingerprint } from '../domain/server-keys/index.ts';
import type { Store } from '../store/index.ts';

export interface GatewayPortsOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  /** The gateway's own commands, as soon as it runs: `LateDeviceCommands`. */
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  /** CHAMBER_TRUST_FIRST_KEY */
  readonly trustFirstKey: boolean;
  /** What keeps how tries to connect ended, where somebody wants to know. Returns at once. */
  readonly connections?: { note(outcome: ConnectionOutcome): void };
  /** What counts events of products' devices, where somebody wants to know. */
  readonly health?: HealthCounter;
  /** What brings devices the firmware of their product. */
  readonly fleet?: Pick<
    FleetUpdater,
    'connected' | 'disconnected' | 'inSafeMode' | 'described' | 'allowed' | 'resumed'
  >;
  /** What notes which firmware members run. Each resolves when that is stored, before the device's target is looked at. */
  readonly onRunning?: readonly ((member: RunningMember) => Promise<void>)[];
}

/** A device of a product has said Hello. */
export interface RunningMember {
  readonly deviceId: DeviceId;
  readonly productId: number;
  /** Of its product's firmware. */
  readonly version: number;
}

const SAFE_MODE = 'spark/device/safemode';
const UPDATES_ENABLED = 'particle/device/updates/enabled';

/** What the gateway asks of the cloud, answered by the domains. One per process with a gateway. */
export class CloudGatewayPorts implements GatewayPorts {
  readonly #options: GatewayPortsOptions;
  readonly #directory: DeviceDirectory;
  readonly #writes: DeviceWrites;
  /** Devices that enter a product or its quarantine, one a transaction. */
  readonly #joins: DeviceWrites;
  readonly #intake: EventIntake;
  readonly #fanOut: DeviceFanOut;
  readonly #presence: PresenceLog;

  constructor(options: GatewayPortsOptions) {
    const { store, bus } = options;
    this.#options = options;
    this.#directory = new DeviceDirectory(store, bus);
    this.#writes = new DeviceWrites(store);
    this.#joins = new DeviceWrites(store, 1);
    this.#intake = new EventIntake({ ...options, directory: this.#directory, writes: this.#writes });
    this.#fanOut = new DeviceFanOut({ ...options, directory: this.#directory });
    this.#presence = new PresenceLog({ ...options, writes: this.#writes });
  }

  publicKeyOf(deviceId: DeviceId): Promise<Uint8Array | undefined> {
    return registeredKey(this.#options.store, deviceId);
  }

  async authenticate(attempt: ConnectAttempt): Promise<Admission> {
    try {
      return await admitDevice(this.#options, attempt);
    } catch (error) {
      this.#options.log.error({ device: attempt.deviceId, error: errorMessage(error) }, 'could not look a device up');
      return { admitted: false, reason: 'unavailable' };
    }
  }

  connectionEnded(outcome: ConnectionOutcome): void {
    this.#options.connections?.note(outcome);
  }

  async sessionStarted(attempt: ConnectAttempt): Promise<void> {
    // The card is read beside the write, so that the first event finds it.
    const serverKey = attempt.serverKey && keyFingerprint(attempt.serverKey);
    const [card] = await Promise.all([
      this.#directory.card(attempt.deviceId),
      recordSession(this.#writes, attempt, serverKey),
    ]);
    if (card !== undefined) await joinAnnouncedProduct(this.#options, this.#options.bus, this.#joins, attempt, card);
    await this.#claimByModem(attempt.deviceId);
    await this.#noteRunning(attempt);
  }

  online(deviceId: DeviceId, at: number): void {
    this.#directory.setOnline(deviceId);
    this.#presence.came(deviceId, at);
    this.#intake.status(deviceId, at, 'online');
    this.#options.updates.connected(deviceId);
    this.#options.fleet?.connected(deviceId);
  }

  offline(deviceId: DeviceId, at: number, reason: OfflineReason): void {
    // The session that replaces this one has the device online; a server that stops says nothing about its devices.
    if (reason === 'replaced' || reason === 'server_stopping') return;
    this.#directory.setOffline(deviceId);
    this.#options.fleet?.disconnected(deviceId);
    this.#presence.went(deviceId, at, reason);
    this.#intake.status(deviceId, at, 'offline');
  }

  resumed(deviceIds: readonly DeviceId[]): Promise<void> {
    this.#presence.resumed(deviceIds);
    this.#options.fleet?.resumed(deviceIds);
    return this.#directory.resume(deviceIds);
  }

  heard(devices: ReadonlyMap<DeviceId, number>): void {
    const { log } = this.#options;
    recordHeard(this.#writes, devices).catch((error) => {
      log.warn({ devices: devices.size, error: errorMessage(error) }, 'last_heard was not stored');
    });
  }

  async publish(event: PublishedEvent): Promise<void> {
    await this.#intake.ingest(event);
    if (event.name === SAFE_MODE) this.#options.fleet?.inSafeMode(event.deviceId);
    else if (event.name === UPDATES_ENABLED) this.#options.fleet?.allowed(event.deviceId);
  }

  subscribe(deviceId: DeviceId, subscription: Subscription, first: boolean): Promise<void> {
    return recordSubscription(this.#writes, this.#directory, deviceId, subscription, first);
  }

  async describe(deviceId: DeviceId, description: Description): Promise<void> {
    if (description.kind === 'metrics') {
      await this.#intake.vitals(deviceId, this.#options.clock.now(), description.metrics);
    } else {
      await recordDescription(this.#writes, deviceId, description);
      if (description.kind === 'application') return;
      await this.#claimByModem(deviceId);
      this.#options.fleet?.described(deviceId);
    }
  }

  otaProgress(deviceId: DeviceId, progress: OtaProgress): void {
    this.#options.updates.progressed(deviceId, progress);
  }

  otaEnded(deviceId: DeviceId, updateId: string, result: OtaResult): void {
    this.#options.updates.ended(deviceId, updateId, result);
  }

  /** The device connects whether or not that works. */
  async #noteRunning({ deviceId, hello }: ConnectAttempt): Promise<void> {
    const { onRunning = [], log } = this.#options;
    const productId = this.#directory.peek(deviceId)?.productId ?? null;
    if (productId === null) return;
    const version = runningVersion({ productId, ...announcedFirmware(hello) });
    if (version === null) return;
    try {
      await Promise.all(onRunning.map((note) => note({ deviceId, productId, version })));
    } catch (error) {
      log.error({ device: deviceId, error: errorMessage(error) }, 'could not note what firmware a device runs');
    }
  }

  /** For a device that nobody owns, when it may have told its ICCID and IMEI (CLM-06). It connects whether or not that works. */
  async #claimByModem(deviceId: DeviceId): Promise<void> {
    if (this.#directory.peek(deviceId)?.ownerId !== null) return;
    try {
      await claimByModem(this.#options, deviceId);
    } catch (error) {
      this.#options.log.error({ device: deviceId, error: errorMessage(error) }, 'could not look for a claim');
    }
  }

  /** Resolves when everything that devices caused is stored. Call it after the gateway has stopped and before the store closes. */
  async close(): Promise<void> {
    this.#fanOut.close();
    this.#directory.close();
    await this.#presence.close();
    await Promise.all([this.#writes.settled(), this.#joins.settled(), this.#options.updates.settled()]);
  }
}
