import { type Clock, type DeviceId, milliseconds, seconds } from '@cloudchamber/kernel';
import type { PrivateKeyP256 } from '@cloudchamber/wire';
import type { BehaviourFactory } from './behaviours/behaviour.ts';
import { CoarseClock } from './coarse-clock.ts';
import type { DeviceState, StateChange } from './device-state.ts';
import type { FirmwareStore } from './firmware/firmware-store.ts';
import type { UpdateFault } from './firmware/update-fault.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { SessionStorage } from './session-storage.ts';
import { VirtualDevice } from './virtual-device.ts';
import type { VirtualDeviceOptions } from './virtual-device-options.ts';

/** What one device of a fleet has for itself. */
export interface FleetMember {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyP256;
  /** None when absent. */
  readonly behaviour?: BehaviourFactory;
  /** In memory when absent. */
  readonly storage?: SessionStorage;
  /** Device OS 6.2 when absent. */
  readonly profile?: DeviceProfile;
  /** In memory when absent. */
  readonly firmware?: FirmwareStore;
  /** Those of the fleet when absent, as in `VirtualDeviceOptions`. */
  readonly productId?: number;
  readonly productVersion?: number;
  readonly updateFault?: UpdateFault;
  readonly updatesEnabled?: boolean;
}

type OwnOfMember = 'deviceId' | 'identity' | 'behaviour' | 'storage' | 'profile' | 'firmware';

export interface FleetOptions extends Omit<VirtualDeviceOptions, OwnOfMember> {
  readonly members: readonly FleetMember[];
  /** How many devices begin to connect per second; 100 when absent. A handshake takes about 1 ms of each side's processor. */
  readonly startsPerSecond?: number;
  /** Told of every device's changes. */
  readonly onState?: (device: VirtualDevice, change: StateChange) => void;
}

const TICK_MS = milliseconds(50);
const STARTS_PER_SECOND = 100;

/** Many virtual devices on UDP in one process, with a socket each and one timer for all. */
export class Fleet {
  readonly devices: readonly VirtualDevice[];
  readonly #clock: Clock;
  readonly #startEveryMs: number;
  #stopped = false;

  constructor(options: FleetOptions) {
    const { members, startsPerSecond, onState, ...shared } = options;
    const clock = new CoarseClock(options.clock, TICK_MS);
    this.#clock = options.clock;
    this.#startEveryMs = seconds(1) / (startsPerSecond ?? STARTS_PER_SECOND);
    this.devices = members.map((member) => new VirtualDevice({ ...shared, ...member, clock }));
    if (onState === undefined) return;
    for (const device of this.devices) device.onState((change) => onState(device, change));
  }

  /** How many devices are in each state. */
  states(): Partial<Record<DeviceState, number>> {
    const states: Partial<Record<DeviceState, number>> = {};
    for (const { state } of this.devices) states[state] = (states[state] ?? 0) + 1;
    return states;
  }

  /** Lets the devices connect, one after the other at an even pace. Resolves when every one has connected; rejects when the fleet is stopped before. */
  async start(): Promise<void> {
    const begun = this.#clock.monotonic();
    const connected: Promise<void>[] = [];
    for (const [position, device] of this.devices.entries()) {
      await this.#until(begun + position * this.#startEveryMs);
      if (this.#stopped) break;
      connected.push(device.connect());
    }
    await Promise.all(connected);
  }

  /** Every device says Goodbye and stops; `timeoutMs` bounds the wait for the server's ACKs. */
  async stop(timeoutMs = seconds(3)): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.devices.map((device) => device.disconnect({ timeoutMs })));
  }

  #until(at: number): Promise<void> | undefined {
    const wait = at - this.#clock.monotonic();
    if (wait <= 0) return undefined;
    return new Promise((resolve) => void this.#clock.after(wait, resolve));
  }
}
