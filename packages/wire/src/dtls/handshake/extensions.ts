import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';

/** The hello extensions that devices use (protocol section 1.2). */
export const ExtensionType = {
  SUPPORTED_GROUPS: 10,
  EC_POINT_FORMATS: 11,
  SIGNATURE_ALGORITHMS: 13,
  CLIENT_CERTIFICATE_TYPE: 19,
  SERVER_CERTIFICATE_TYPE: 20,
  /** draft-ietf-tls-dtls-connection-id-05, not RFC 9146's 54. */
  CONNECTION_ID: 254,
  RENEGOTIATION_INFO: 0xff01,
} as const;
export type ExtensionType = (typeof ExtensionType)[keyof typeof ExtensionType];

export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

const CLAUSE = 'RFC 5246 7.4.1.4';

/**
 * The extensions at the end of a hello, which may be absent (RFC 5246 section 7.4.1.4). Reads to the end of the input.
 * @throws WireError `truncated`, or `malformed` when a type comes twice
 */
export function readExtensions(reader: WireReader): Extension[] {
  const extensions: Extension[] = [];
  if (reader.remaining === 0) return extensions;
  const list = new WireReader(reader.bytes(reader.u16()), CLAUSE);
  reader.expectEnd();
  const seen = new Set<number>();
  while (list.remaining > 0) {
    const type = list.u16();
    const data = list.bytes(list.u16());
    if (seen.has(type)) throw new WireError('malformed', `extension ${type} comes twice`, CLAUSE, list.offset);
    seen.add(type);
    extensions.push({ type, data });
  }
  return extensions;
}

/** The extensions with their total length before them, in the order given. */
export function encodeExtensions(extensions: readonly Extension[]): Buffer {
  const writer = new ByteWriter(64);
  for (const { type, data } of extensions) writer.u16(type).u16(data.length).bytes(data);
  const list = writer.finish();
  return new ByteWriter(2 + list.length).u16(list.length).bytes(list).finish();
}

/** The data of the extension of that type, or undefined. */
export function extensionData(extensions: readonly Extension[], type: number): Uint8Array | undefined {
  return extensions.find((extension) => extension.type === type)?.data;
}

/**
 * A list of 8-bit values after an 8-bit length, all of `data`.
 * @throws WireError `truncated` when the length does not fit
 */
export function decodeList8(data: Uint8Array): Uint8Array {
  const reader = new WireReader(data, CLAUSE);
  const list = reader.bytes(reader.u8());
  reader.expectEnd();
  return list;
}

/**
 * A list of 16-bit values after a 16-bit length, all of `data`.
 * @throws WireError `truncated` when the length does not fit or is odd
 */
export function decodeList16(data: Uint8Array): number[] {
  const reader = new WireReader(data, CLAUSE);
  const list = readList16(reader);
  reader.expectEnd();
  return list;
}

/** A list of 16-bit values after a 16-bit length in bytes. */
export function readList16(reader: WireReader): number[] {
  const list = new WireReader(reader.bytes(reader.u16()), CLAUSE);
  const values: number[] = [];
  while (list.remaining > 0) values.push(list.u16());
  return values;
}
