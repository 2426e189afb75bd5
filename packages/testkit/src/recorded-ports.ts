import type {
  Admission,
  ConnectAttempt,
  ConnectionOutcome,
  Description,
  GatewayPorts,
  OfflineReason,
  OtaProgress,
  OtaResult,
  PublishedEvent,
  Subscription,
} from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';

/** A cloud for gateway tests: admits the keys it was told of, remembers everything, and stores events when the test says so. */
export class RecordedPorts implements GatewayPorts {
  readonly keys = new Map<DeviceId, Uint8Array>();
  readonly attempts: ConnectAttempt[] = [];
  readonly outcomes: ConnectionOutcome[] = [];
  readonly published: PublishedEvent[] = [];
  readonly subscriptions: { deviceId: DeviceId; subscription: Subscription; first: boolean }[] = [];
  readonly descriptions: { deviceId: DeviceId; description: Description }[] = [];
  readonly presence: (
    | { readonly deviceId: DeviceId; readonly online: true }
    | { readonly deviceId: DeviceId; readonly online: false; readonly reason: OfflineReason }
  )[] = [];
  readonly updateProgress: { deviceId: DeviceId; progress: OtaProgress }[] = [];
  readonly updateResults: { deviceId: DeviceId; updateId: string; result: OtaResult }[] = [];
  readonly resumedDevices: DeviceId[] = [];
  readonly heardOf = new Map<DeviceId, number>();
  /** Replace it to hold back or refuse the commit of an event. */
  commit: (event: PublishedEvent) => Promise<void> = async () => {};

  async publicKeyOf(deviceId: DeviceId): Promise<Uint8Array | undefined> {
    return this.keys.get(deviceId);
  }

  async authenticate(attempt: ConnectAttempt): Promise<Admission> {
    this.attempts.push(attempt);
    const key = this.keys.get(attempt.deviceId);
    if (key === undefined) return { admitted: false, reason: 'unknown_device' };
    if (Buffer.compare(key, attempt.publicKey) !== 0) return { admitted: false, reason: 'key_mismatch' };
    return { admitted: true };
  }

  connectionEnded(outcome: ConnectionOutcome): void {
    this.outcomes.push(outcome);
  }

  async sessionStarted(): Promise<void> {}

  online(deviceId: DeviceId): void {
    this.presence.push({ deviceId, online: true });
  }

  offline(deviceId: DeviceId, _at: number, reason: OfflineReason): void {
    this.presence.push({ deviceId, online: false, reason });
  }

  async resumed(deviceIds: readonly DeviceId[]): Promise<void> {
    this.resumedDevices.push(...deviceIds);
  }

  heard(devices: ReadonlyMap<DeviceId, number>): void {
    for (const [deviceId, at] of devices) this.heardOf.set(deviceId, at);
  }

  async publish(event: PublishedEvent): Promise<void> {
    await this.commit(event);
    this.published.push(event);
  }

  async subscribe(deviceId: DeviceId, subscription: Subscription, first: boolean): Promise<void> {
    this.subscriptions.push({ deviceId, subscription, first });
  }

  async describe(deviceId: DeviceId, description: Description): Promise<void> {
    this.descriptions.push({ deviceId, description });
  }

  otaProgress(deviceId: DeviceId, progress: OtaProgress): void {
    this.updateProgress.push({ deviceId, progress });
  }

  otaEnded(deviceId: DeviceId, updateId: string, result: OtaResult): void {
    this.updateResults.push({ deviceId, updateId, result });
  }
}
