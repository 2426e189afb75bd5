import {
  type DeviceCommands,
  type FirmwareUpdate,
  GatewayError,
  type HelloFacts,
  type OtaProgress,
  type VariableValue,
} from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { DeviceVariableType } from '@cloudchamber/wire';

/**
 * The gateway's commands for parts that are built before the gateway is: the gateway needs its ports, and they need its commands. Until `connect`,
 * and in a process without a gateway, every device is out of reach.
 */
export class LateDeviceCommands implements DeviceCommands {
  #commands: DeviceCommands | undefined;

  connect(commands: DeviceCommands): void {
    this.#commands = commands;
  }

  isOnline(deviceId: DeviceId): boolean {
    return this.#commands?.isOnline(deviceId) ?? false;
  }

  async callFunction(deviceId: DeviceId, name: string, argument: string): Promise<number> {
    return this.#connected().callFunction(deviceId, name, argument);
  }

  async readVariable(deviceId: DeviceId, name: string, type: DeviceVariableType): Promise<VariableValue> {
    return this.#connected().readVariable(deviceId, name, type);
  }

  async ping(deviceId: DeviceId): Promise<number> {
    return this.#connected().ping(deviceId);
  }

  async signal(deviceId: DeviceId, on: boolean): Promise<void> {
    return this.#connected().signal(deviceId, on);
  }

  async deliver(deviceId: DeviceId, event: Parameters<DeviceCommands['deliver']>[1]): Promise<boolean> {
    return this.#commands?.deliver(deviceId, event) ?? false;
  }

  async requestDescribe(deviceId: DeviceId, part: 'system' | 'application' | 'metrics'): Promise<void> {
    return this.#connected().requestDescribe(deviceId, part);
  }

  endSession(deviceId: DeviceId): void {
    this.#commands?.endSession(deviceId);
  }

  helloOf(deviceId: DeviceId): HelloFacts | undefined {
    return this.#commands?.helloOf(deviceId);
  }

  async updateFirmware(deviceId: DeviceId, update: FirmwareUpdate): Promise<void> {
    return this.#connected().updateFirmware(deviceId, update);
  }

  resumeUpdate(deviceId: DeviceId, update: FirmwareUpdate): void {
    this.#commands?.resumeUpdate(deviceId, update);
  }

  cancelUpdate(deviceId: DeviceId): void {
    this.#commands?.cancelUpdate(deviceId);
  }

  updateProgress(deviceId: DeviceId): OtaProgress | undefined {
    return this.#commands?.updateProgress(deviceId);
  }

  #connected(): DeviceCommands {
    if (this.#commands === undefined) throw new GatewayError('device.not_connected', 'no gateway runs here');
    return this.#commands;
  }
}
