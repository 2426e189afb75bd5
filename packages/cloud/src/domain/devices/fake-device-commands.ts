import {
  type DeliveredEvent,
  type DeviceCommands,
  type FirmwareUpdate,
  GatewayError,
  type HelloFacts,
  type VariableValue,
} from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';

/** What a test sees of an event that was delivered. */
export interface Delivery {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly text: string;
}

/** The devices of a test: those that are `online` answer as told, all others are not connected. For tests only. */
export class FakeDeviceCommands implements DeviceCommands {
  readonly online = new Set<DeviceId>();
  /** Devices that hold a session and stay silent. */
  readonly silent = new Set<DeviceId>();
  readonly variables = new Map<string, VariableValue>();
  readonly functions = new Map<string, (argument: string) => number>();
  readonly signals: { readonly deviceId: DeviceId; readonly on: boolean }[] = [];
  readonly deliveries: Delivery[] = [];
  readonly ended: DeviceId[] = [];
  /** Firmware updates that devices took and that have not ended. */
  readonly updates = new Map<DeviceId, FirmwareUpdate>();
  /** Whether a device takes an update: rejects when it doesn't. */
  takeUpdate: (update: FirmwareUpdate) => Promise<void> = async () => {};
  hello: HelloFacts = { productId: 32, productVersion: 1, platformId: 32, flags: 0xf6, maxBinarySize: 0x177000 };
  /** What a device does when it is asked to describe itself. */
  describe: (deviceId: DeviceId, part: string) => Promise<void> = async () => {};

  isOnline(deviceId: DeviceId): boolean {
    return this.online.has(deviceId);
  }

  async callFunction(deviceId: DeviceId, name: string, argument: string): Promise<number> {
    this.#reach(deviceId);
    const run = this.functions.get(name);
    if (run === undefined) throw new GatewayError('device.timed_out', 'no such function');
    return run(argument);
  }

  async readVariable(deviceId: DeviceId, name: string): Promise<VariableValue> {
    this.#reach(deviceId);
    const value = this.variables.get(name);
    if (value === undefined) throw new GatewayError('device.rejected', '4.04');
    return value;
  }

  async ping(deviceId: DeviceId): Promise<number> {
    this.#reach(deviceId);
    return 12;
  }

  async signal(deviceId: DeviceId, on: boolean): Promise<void> {
    this.#reach(deviceId);
    this.signals.push({ deviceId, on });
  }

  async deliver(deviceId: DeviceId, event: DeliveredEvent): Promise<boolean> {
    if (!this.online.has(deviceId)) return false;
    this.deliveries.push({ deviceId, name: event.name, text: Buffer.from(event.data).toString() });
    return true;
  }

  async requestDescribe(deviceId: DeviceId, part: string): Promise<void> {
    this.#reach(deviceId);
    await this.describe(deviceId, part);
  }

  endSession(deviceId: DeviceId): void {
    this.ended.push(deviceId);
  }

  helloOf(deviceId: DeviceId): HelloFacts | undefined {
    return this.online.has(deviceId) ? this.hello : undefined;
  }

  async updateFirmware(deviceId: DeviceId, update: FirmwareUpdate): Promise<void> {
    this.#reach(deviceId);
    await this.takeUpdate(update);
    this.updates.set(deviceId, update);
  }

  resumeUpdate(deviceId: DeviceId, update: FirmwareUpdate): void {
    this.updates.set(deviceId, update);
  }

  cancelUpdate(deviceId: DeviceId): void {
    this.updates.delete(deviceId);
  }

  updateProgress(): undefined {
    return undefined;
  }

  #reach(deviceId: DeviceId): void {
    if (!this.online.has(deviceId)) throw new GatewayError('device.not_connected', 'not connected');
    if (this.silent.has(deviceId)) throw new GatewayError('device.timed_out', 'silent');
  }
}
