import type { DeviceId } from '@cloudchamber/kernel';
import { ByteWriter, deviceIdFromBytes } from '@cloudchamber/kernel';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';

/** Bits of the Hello flags (protocol section 5.1). */
export const HelloFlag = {
  /** The previous firmware update succeeded. */
  OTA_SUCCESSFUL: 0x01,
  /** Answers Describe for metrics. */
  DIAGNOSTICS: 0x02,
  /** Sends and takes the events `particle/device/updates/…`. */
  IMMEDIATE_UPDATES: 0x04,
  /** Says Goodbye. */
  GOODBYE: 0x10,
  /** Posts Describe by itself. */
  DEVICE_INITIATED_DESCRIBE: 0x20,
  /** Takes compressed and combined firmware. */
  COMPRESSED_OTA: 0x40,
  OTA_V3: 0x80,
} as const;

/** What a device says of itself. Optional fields depend on the Device OS generation (protocol section 5.1). */
export interface HelloFields {
  /** 0xffff: not set. */
  readonly productId: number;
  /** 0xffff: not set. */
  readonly productVersion: number;
  /** `HelloFlag` bits. */
  readonly flags: number;
  readonly platformId: number;
  /** Over UDP always; over TCP never, since the handshake has told it. */
  readonly deviceId?: DeviceId;
  /** System module version, 6200 for 6.2.0. From Device OS 3.0, like the following three. */
  readonly systemVersion?: number;
  /** Largest CoAP message, in bytes. */
  readonly maxMessageSize?: number;
  /** Largest firmware image, in bytes. */
  readonly maxBinarySize?: number;
  /** Firmware update chunk, in bytes. */
  readonly otaChunkSize?: number;
}

const CLAUSE = 'protocol section 5.1';
const DEVICE_ID_BYTES = 12;
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'h' };

/**
 * POST /h of a device. Without `deviceId` and the fields of 3.0 it ends early, as over TCP before 3.0.
 * @throws WireError `malformed` when only some of the four fields of 3.0 are given.
 */
export function encodeHello(hello: HelloFields & { readonly id: number; readonly confirmable?: boolean }): Buffer {
  return encodeCoap({
    type: hello.confirmable === false ? CoapType.NON : CoapType.CON,
    code: CoapCode.POST,
    id: hello.id,
    options: [PATH],
    payload: encodeHelloPayload(hello),
  });
}

/** POST /h of the server: owed over TCP, allowed over UDP (protocol section 6.7). */
export function encodeServerHello(hello: { readonly id: number; readonly confirmable?: boolean }): Buffer {
  const type = hello.confirmable === false ? CoapType.NON : CoapType.CON;
  return encodeCoap({ type, code: CoapCode.POST, id: hello.id, options: [PATH] });
}

/**
 * The payload of a device's Hello, of any generation. Bytes after the fields of 3.0 are skipped: the message has grown at its end before.
 * @throws WireError `malformed` for a device id that isn't of 12 bytes, `truncated` inside a field or between the fields of 3.0.
 */
export function decodeHello(payload: Uint8Array): HelloFields {
  const reader = new WireReader(payload, CLAUSE);
  const productId = reader.u16();
  const productVersion = reader.u16();
  const flags = reader.u16();
  const platformId = reader.u16();
  const base = { productId, productVersion, flags, platformId };
  if (reader.remaining === 0) return base;

  const idLength = reader.u16();
  if (idLength !== 0 && idLength !== DEVICE_ID_BYTES) {
    throw new WireError('malformed', `a device id of ${idLength} bytes`, CLAUSE, reader.offset - 2);
  }
  const identified = idLength === 0 ? base : { ...base, deviceId: deviceIdFromBytes(reader.bytes(idLength)) };
  if (reader.remaining === 0) return identified;
  return {
    ...identified,
    systemVersion: reader.u16(),
    maxMessageSize: reader.u16(),
    maxBinarySize: reader.u32(),
    otaChunkSize: reader.u16(),
  };
}

function encodeHelloPayload(hello: HelloFields): Buffer {
  const { deviceId, systemVersion, maxMessageSize, maxBinarySize, otaChunkSize } = hello;
  const writer = new ByteWriter(32);
  writer.u16(hello.productId).u16(hello.productVersion).u16(hello.flags).u16(hello.platformId);
  const given = [systemVersion, maxMessageSize, maxBinarySize, otaChunkSize].filter((field) => field !== undefined);
  if (deviceId === undefined && given.length === 0) return writer.finish();

  const id = Buffer.from(deviceId ?? '', 'hex');
  writer.u16(id.length).bytes(id);
  if (given.length === 0) return writer.finish();
  if (
    systemVersion === undefined ||
    maxMessageSize === undefined ||
    maxBinarySize === undefined ||
    otaChunkSize === undefined
  ) {
    throw new WireError('malformed', 'only some of the Device OS 3.0 fields are given', CLAUSE);
  }
  return writer.u16(systemVersion).u16(maxMessageSize).u32(maxBinarySize).u16(otaChunkSize).finish();
}
