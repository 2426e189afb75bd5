import type { DeviceId } from '@cloudchamber/kernel';
import type { Description, DeviceVariableType, VariableValue } from '@cloudchamber/wire';
import type { ConnectionOutcome } from './connection-outcome.ts';

export type { Description, VariableValue };

export type Transport = 'udp' | 'tcp';

/** What a device says of itself in Hello (protocol section 5.1). Absent fields were not sent by that Device OS generation. */
export interface HelloFacts {
  readonly productId: number;
  readonly productVersion: number;
  readonly platformId: number;
  readonly flags: number;
  readonly systemVersion?: number;
  readonly maxMessageSize?: number;
  readonly maxBinarySize?: number;
  readonly otaChunkSize?: number;
}

/** A device that has proven possession of `publicKey` and says that it is `deviceId`. */
export interface ConnectAttempt {
  readonly deviceId: DeviceId;
  /** P-256 SubjectPublicKeyInfo, 91 bytes (UDP), or the RSA key of the handshake (TCP). */
  readonly publicKey: Uint8Array;
  /** The SPKI of the cloud's own key that the device holds, as its handshake showed; absent when the session is older than this process. */
  readonly serverKey?: Uint8Array;
  readonly transport: Transport;
  readonly hello: HelloFacts;
  /** The peer's IP address as text. */
  readonly address: string;
  /** Wall time, ms. */
  readonly at: number;
}

export type RefusalReason = 'unknown_device' | 'no_key_registered' | 'key_mismatch' | 'denied' | 'unavailable';

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly reason: RefusalReason };

/** An event as it came from a device: protocol section 5.3. */
export interface PublishedEvent {
  readonly deviceId: DeviceId;
  readonly name: string;
  /** The bytes of the payload; empty when there was none. The receiver owns them. */
  readonly data: Uint8Array;
  /** CoAP Content-Format, 0 for text. */
  readonly contentFormat: number;
  readonly ttlSeconds: number;
  /** Wall time of arrival, ms. */
  readonly receivedAt: number;
  /** The device's public address as text; `particle/device/ip` is answered with it. */
  readonly address: string;
  /** To be told of the event's commit, for a session that outlives the process. */
  readonly witness?: CommitWitness | undefined;
}

/** Keeps note, in something that is stored along, of an event that goes into a commit: it is durable exactly when the event is. */
export interface CommitWitness {
  /** The event's commit begins now. */
  entering(): void;
  /** That commit kept nothing. */
  failed(): void;
}

export interface Subscription {
  /** Byte prefix of event names; empty means every event. */
  readonly prefix: string;
  /** What the handler takes besides text: protocol section 5.4. */
  readonly accepts: 'text' | 'binary' | 'cbor';
  /** Old API: only events of this device. */
  readonly deviceFilter?: DeviceId;
}

export type OfflineReason = 'goodbye' | 'silent' | 'replaced' | 'session_ended' | 'unresponsive' | 'server_stopping';

/** One file of a firmware update, as it goes over the air. */
export interface FirmwareImage {
  readonly data: Uint8Array;
  /** `ModuleFunction`: assets are announced as such; any other module makes the device restart. */
  readonly moduleFunction: number;
}

/** Files for one device, in the order in which it is to get them. */
export interface FirmwareUpdate {
  /** The cloud's name for it. */
  readonly id: string;
  readonly images: readonly FirmwareImage[];
}

/** Where an update stands. */
export interface OtaProgress {
  readonly updateId: string;
  /** The image under way, from 0; `images` when all are done. */
  readonly image: number;
  readonly images: number;
  /** What the device has for sure, over all images, and their total. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * How an update ended. `refused`: the device did not want an image, or found it bad. `no_progress`: it took no more in many tries. `not_applied`: it took an image and restarted
 * without it. `device_gone`: it stayed away too long.
 * `message` is the device's own, or ours.
 */
export type OtaResult =
  | { readonly outcome: 'succeeded' }
  | {
      readonly outcome: 'failed';
      readonly reason: 'refused' | 'no_progress' | 'not_applied' | 'device_gone' | 'cancelled';
      readonly message?: string;
    };

/**
 * Everything that the gateway asks of the cloud. What returns a promise is durable when it resolves: only then does the device get its ACK.
 * A rejection becomes 5.03 to the device, which tries again.
 */
export interface GatewayPorts {
  /** The key that is registered for a device, as DER SPKI: very old firmware on TCP doesn't show its own (protocol section 2.1). Undefined when there is none. */
  publicKeyOf(deviceId: DeviceId): Promise<Uint8Array | undefined>;
  /** May this device connect with this key? (CON-01) */
  authenticate(attempt: ConnectAttempt): Promise<Admission>;
  /** How somebody's try to connect ended. Returns at once and never throws: handshakes wait for nobody. */
  connectionEnded(outcome: ConnectionOutcome): void;
  /** A new session has said Hello and was admitted. Resolves when that is stored. */
  sessionStarted(attempt: ConnectAttempt): Promise<void>;
  /** The device may be used from now on; called after `sessionStarted` and again when a silent device is heard. */
  online(deviceId: DeviceId, at: number): void;
  offline(deviceId: DeviceId, at: number, reason: OfflineReason): void;
  /** Devices that were online when an earlier process ended, and still are as far as anybody knows. Resolves when they may be used. */
  resumed(deviceIds: readonly DeviceId[]): Promise<void>;
  /** Devices heard since the last call, at most once every few seconds. */
  heard(devices: ReadonlyMap<DeviceId, number>): void;
  /** An event from a device. Resolves when it is durable. */
  publish(event: PublishedEvent): Promise<void>;
  /** A subscription. `first` is true for the first one of a new session: it replaces the set that was known. */
  subscribe(deviceId: DeviceId, subscription: Subscription, first: boolean): Promise<void>;
  describe(deviceId: DeviceId, description: Description): Promise<void>;
  /** An update that the device took has moved on; at most once a second. */
  otaProgress(deviceId: DeviceId, progress: OtaProgress): void;
  /** An update that the device took is over. */
  otaEnded(deviceId: DeviceId, updateId: string, result: OtaResult): void;
}

/** An event on its way to a device that subscribed to it, or that the cloud owes an answer. */
export interface DeliveredEvent {
  readonly name: string;
  readonly data: Uint8Array;
  readonly contentFormat: number;
}

/**
 * Commands to connected devices. Each rejects with `GatewayError`: `device.not_connected` at once when no session is held,
 * `device.timed_out` when the device stays silent (CON-21, CON-22), `device.too_large` for what its generation has no room for.
 */
export interface DeviceCommands {
  isOnline(deviceId: DeviceId): boolean;
  /** Calls a function; resolves with its int32 result (protocol section 6.2). */
  callFunction(deviceId: DeviceId, name: string, argument: string): Promise<number>;
  /** Reads a variable; `type` is what Describe says of it (protocol section 6.3). */
  readVariable(deviceId: DeviceId, name: string, type: DeviceVariableType): Promise<VariableValue>;
  /** An empty CON and its ACK; resolves with the round trip in ms (protocol section 6.5, CON-19). */
  ping(deviceId: DeviceId): Promise<number>;
  /** Rainbow LED on or off (protocol section 6.6). */
  signal(deviceId: DeviceId, on: boolean): Promise<void>;
  /** Sends an event. Resolves true when the device acknowledged it, false when it is not connected, its queue is full, it stayed silent, or its generation can't take it. */
  deliver(deviceId: DeviceId, event: DeliveredEvent): Promise<boolean>;
  /** Asks for a part of Describe; the answer arrives through `ports.describe` before this resolves. */
  requestDescribe(deviceId: DeviceId, part: 'system' | 'application' | 'metrics'): Promise<void>;
  /** Ends the session: the device handshakes anew (protocol section 6.9). */
  endSession(deviceId: DeviceId): void;
  /** What the device said of itself in the Hello of its present session, or undefined without one. */
  helloOf(deviceId: DeviceId): HelloFacts | undefined;
  /**
   * Sends firmware (protocol section 9). Resolves when the device has taken the first image's start: from then on it goes on by itself over as many connections as it takes,
   * and `ports.otaEnded` tells the end. Rejects also with `device.updating` while another update is under way, and `device.rejected` with the device's reason.
   */
  updateFirmware(deviceId: DeviceId, update: FirmwareUpdate): Promise<void>;
  /** Goes on with an update that the device took from an earlier process, as soon as it is connected. Nothing happens while it has one. */
  resumeUpdate(deviceId: DeviceId, update: FirmwareUpdate): void;
  /** Ends the device's update, if it has one. */
  cancelUpdate(deviceId: DeviceId): void;
  /** Where the device's update stands, or undefined without one. */
  updateProgress(deviceId: DeviceId): OtaProgress | undefined;
}
