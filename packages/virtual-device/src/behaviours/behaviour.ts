import type { Clock, DeviceId, Entropy } from '@cloudchamber/kernel';
import type { DeviceVariableType, SubscriptionContent, VariableValue } from '@cloudchamber/wire';
import type { PublishOptions } from '../publish-options.ts';

/** A cloud function: the argument as text, the result an int32 (protocol section 6.2). A promise answers when it resolves; a rejection never answers. */
export type DeviceFunction = (argument: string) => number | Promise<number>;

/** A cloud variable (protocol section 6.3). `read` gives a value of the declared type. */
export interface DeviceVariable {
  readonly type: DeviceVariableType;
  read(): VariableValue;
}

/** An event that reached the device. */
export interface ReceivedEvent {
  readonly name: string;
  readonly data: Uint8Array;
  /** CoAP Content-Format, 0 for text. */
  readonly contentFormat: number;
}

/** A handler for events whose name begins with `prefix`, compared byte by byte (protocol section 5.4). */
export interface DeviceSubscription {
  readonly prefix: string;
  /** Text only when it doesn't say. */
  readonly accepts?: SubscriptionContent;
  handle(event: ReceivedEvent): void;
}

/** The firmware of a device: what it offers to the cloud, and what it does by itself. */
export interface Behaviour {
  readonly functions: Readonly<Record<string, DeviceFunction>>;
  readonly variables: Readonly<Record<string, DeviceVariable>>;
  readonly subscriptions: readonly DeviceSubscription[];
  /** Called each time the device has connected. @returns what ends it, called when the connection is gone. */
  start?(): () => void;
}

/** The device as its firmware sees it. */
export interface BehaviourDevice {
  readonly deviceId: DeviceId;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Whether the cloud says that it has an update for the device (protocol section 7.2). */
  updatePending(): boolean;
  /** As `VirtualDevice.publish`. */
  publish(name: string, data?: string | Uint8Array, options?: PublishOptions): Promise<void>;
}

/** Makes one device's firmware, with state of its own. */
export type BehaviourFactory = (device: BehaviourDevice) => Behaviour;
