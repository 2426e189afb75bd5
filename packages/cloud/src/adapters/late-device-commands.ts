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

type Asked = (deviceId: DeviceId, kind: 'function' | 'variable', outcome: 'success' | 'failure' | 'offline') => void;

/**
 * The gateway's commands for parts that are built before the gateway is: the gateway needs its ports, and they need its commands. Until `connect`,
 * and in a process without a gateway, every device is out of reach.
 */
export class LateDeviceCommands implements DeviceCommands {
  readonly #asked: Asked;
  #commands: DeviceCommands | undefined;

  /** @param asked is told what came of each function call and variable that a device was asked for */
  constructor(asked: Asked = () => {}) {
    this.#asked = asked;
  }

  connect(commands: DeviceCommands): void {
    this.#commands = commands;
  }

  isOnline(deviceId: DeviceId): boolean {
    return this.#commands?.isOnline(deviceId) ?? false;
  }

  async callFunction(deviceId: DeviceId, name: string, argument: string): Promise<number> {
    return this.#tell(deviceId, 'function', () => this.#connected().callFunction(deviceId, name, argument));
  }

  async readVariable(deviceId: DeviceId, name: string, type: DeviceVariableType): Promise<VariableValue> {
    return this.#tell(deviceId, 'variable', () => this.#connected().readVariable(deviceId, name, type));
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

  async #tell<T>(deviceId: DeviceId, kind: Parameters<Asked>[1], ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.#asked(deviceId, kind, 'success');
      return answer;
    } catch (error) {
      const offline = error instanceof GatewayError && error.code === 'device.not_connected';
      this.#asked(deviceId, kind, offline ? 'offline' : 'failure');
      throw error;
    }
  }

  #connected(): DeviceCommands {
    if (this.#commands === undefined) throw new GatewayError('device.not_connected', 'no gateway runs here');
    return this.#commands;
  }
}
