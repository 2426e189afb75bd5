import type { FirmwareModule } from '@cloudchamber/wire';
import type { RADIOS } from '../radio.ts';

/** How a generation tells what it is made of and what it offers (protocol section 8.1). Whether it does so unasked is a bit of its Hello. */
interface DescribeStyle {
  /** The system part: JSON up to 5.4, protobuf from 5.5 on (protocol section 8.3). */
  readonly system: 'json' | 'protobuf';
  /** Its own posts carry a token, and long documents go in blocks: from 3.3 on. Before, a document has to fit one message. */
  readonly blockwise: boolean;
  /** Answers a request for both parts, or for none in particular, with one object: up to 1.x. */
  readonly combined: boolean;
}

/** What a generation of Device OS, on one kind of board, does on the wire. Times in ms, sizes in bytes. */
export interface DeviceProfile {
  readonly name: string;
  readonly transport: 'udp' | 'tcp';
  readonly platformId: number;
  /** How the board reaches the network: its metrics tell of signal, and of cell and battery. */
  readonly radio: keyof typeof RADIOS;
  /** Of the board, in bytes. */
  readonly memoryBytes: number;
  /** System module version as in Hello: 6200 for 6.2.0 (protocol section 5.1). */
  readonly systemVersion: number;
  /** `HelloFlag` bits. */
  readonly helloFlags: number;
  /** Whether Hello ends with the version and the three sizes below: from 3.0 on. */
  readonly helloSizes: boolean;
  /** Larger messages are neither sent nor understood; servers learn of it from 3.0 on (protocol section 3.4). */
  readonly maxMessageSize: number;
  readonly maxBinarySize: number;
  readonly otaChunkSize: number;
  /** Largest event data, function argument and variable value (protocol section 3.4). */
  readonly maxValueBytes: number;
  /** Longest name of a function or variable (protocol section 3.4). */
  readonly maxNameBytes: number;
  /**
   * Events have content formats and are all the same: from 6.2 on. Before, they are text, published to everybody (path `e`) or to the owner (`E`), and
   * subscriptions ask for the events of the owner's devices (protocol sections 5.3 and 5.4).
   */
  readonly typedEvents: boolean;
  /** A variable that there isn't is refused in the ACK, not by itself: in older firmware (protocol section 6.3). */
  readonly refusesInAck: boolean;
  readonly describe: DescribeStyle;
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
