import type { FirmwareModule } from '@cloudchamber/wire';

/** What a generation of Device OS, on one kind of board, does on the wire. Times in ms, sizes in bytes. */
export interface DeviceProfile {
  readonly name: string;
  readonly platformId: number;
  /** System module version as in Hello: 6200 for 6.2.0 (protocol section 5.1). */
  readonly systemVersion: number;
  /** `HelloFlag` bits. */
  readonly helloFlags: number;
  readonly maxMessageSize: number;
  readonly maxBinarySize: number;
  readonly otaChunkSize: number;
  /** Whether the handshake offers connection ids, and insists on one: Device OS 3.1 and later (protocol section 1.3). */
  readonly connectionId: boolean;
  /** The type of application records after a resume, until the server was heard (protocol section 1.5). */
  readonly movedRecordType: number;
  /** A ping is due when nothing was received for this long (protocol section 12). */
  readonly keepAliveMs: number;
  /** Prefixes that the system subscribes to for itself (protocol section 7.2). */
  readonly systemSubscriptions: readonly string[];
  /** What the system part of Describe lists besides the application. */
  readonly modules: readonly FirmwareModule[];
}
