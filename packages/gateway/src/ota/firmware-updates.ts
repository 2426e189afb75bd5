import { type DeviceId, errorMessage } from '@cloudchamber/kernel';
import { encodeOtaFinish, HelloFlag, type OtaChunkAckFields } from '@cloudchamber/wire';
import type { DeviceSession, SessionEnvironment } from '../device-session.ts';
import { GatewayError } from '../gateway-error.ts';
import type { FirmwareUpdate, OtaProgress } from '../ports.ts';
import type { SessionTable } from '../session-table.ts';
import { DeviceUpdate } from './device-update.ts';

/** The updates under way, at most one a device (protocol section 9). They outlive connections, not the process: the cloud asks for them again. */
export class FirmwareUpdates {
  readonly #sessions: SessionTable;
  readonly #environment: SessionEnvironment;
  readonly #updates = new Map<DeviceId, DeviceUpdate>();

  constructor(sessions: SessionTable, environment: SessionEnvironment) {
    this.#sessions = sessions;
    this.#environment = environment;
  }

  /** Starts on a connected device; resolves when it takes the first image. @throws GatewayError as `DeviceCommands.updateFirmware` */
  async start(deviceId: DeviceId, update: FirmwareUpdate): Promise<void> {
    const session = this.#sessions.byDevice(deviceId);
    if (!session?.online) throw new GatewayError('device.not_connected', 'the device is not connected');
    checkSizes(session, update);
    await this.#add(deviceId, update, false).begin(session, this.#now());
  }

  /** Goes on with an update that an earlier process began, as soon as the device is there. Nothing happens when it has one. */
  resume(deviceId: DeviceId, update: FirmwareUpdate): void {
    if (!this.#updates.has(deviceId)) this.#add(deviceId, update, true);
  }

  /** Ends the device's update, if it has one, and makes the device forget it where it knows how. */
  cancel(deviceId: DeviceId): void {
    const wasRunning = this.#updates.get(deviceId)?.cancel();
    const session = this.#sessions.byDevice(deviceId);
    if (!wasRunning || !session?.online || ((session.hello?.flags ?? 0) & HelloFlag.OTA_V3) === 0) return;
    const { commandTimeoutMs } = this.#environment.settings;
    const build = (id: number, token: number): Uint8Array =>
      encodeOtaFinish({ id, token, cancel: true, discardData: true });
    session.outgoing.request(build, this.#now(), commandTimeoutMs).catch((error: unknown) => {
      this.#environment.log.debug({ deviceId, error: errorMessage(error) }, 'cancelling was not answered');
    });
  }

  /** Where the device's update stands; undefined without one. */
  progressOf(deviceId: DeviceId): OtaProgress | undefined {
    return this.#updates.get(deviceId)?.progress;
  }

  /** The device acknowledged chunks. */
  acknowledge(session: DeviceSession, ack: OtaChunkAckFields, now: number): void {
    this.#of(session)?.acknowledge(session, ack, now);
  }

  /** The device misses chunks. */
  missing(session: DeviceSession, indices: readonly number[]): void {
    this.#of(session)?.missing(session, indices);
  }

  tick(now: number): void {
    for (const [deviceId, update] of this.#updates) update.tick(this.#sessions.byDevice(deviceId), now);
  }

  /** The end of the process: what is under way stays as it is for the next one. */
  stop(): void {
    for (const update of this.#updates.values()) update.abandon();
    this.#updates.clear();
  }

  #of(session: DeviceSession): DeviceUpdate | undefined {
    return session.deviceId === undefined ? undefined : this.#updates.get(session.deviceId);
  }

  #add(deviceId: DeviceId, update: FirmwareUpdate, isTakenOver: boolean): DeviceUpdate {
    if (this.#updates.has(deviceId)) throw new GatewayError('device.updating', 'the device is being updated');
    const { ports, settings, counters } = this.#environment;
    const added = new DeviceUpdate(
      {
        update,
        isTakenOver,
        patienceMs: settings.updatePatienceMs,
        progress: (progress) => ports.otaProgress(deviceId, progress),
        ended: (result) => {
          this.#updates.delete(deviceId);
          if (result === undefined) return;
          counters.add('updates_ended', result.outcome === 'succeeded' ? 'succeeded' : result.reason);
          ports.otaEnded(deviceId, update.id, result);
        },
      },
      this.#now(),
    );
    this.#updates.set(deviceId, added);
    return added;
  }

  #now(): number {
    return this.#environment.clock.monotonic();
  }
}

/** @throws GatewayError `device.rejected` for an image that the device has said it cannot take */
function checkSizes(session: DeviceSession, { images }: FirmwareUpdate): void {
  const most = session.hello?.maxBinarySize ?? Number.POSITIVE_INFINITY;
  const tooLarge = images.find(({ data }) => data.length > most);
  if (tooLarge === undefined) return;
  throw new GatewayError('device.rejected', `${tooLarge.data.length} bytes, and the device takes ${most}`);
}
