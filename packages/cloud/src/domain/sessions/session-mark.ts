import type { OfflineReason, SessionProgress } from '@cloudchamber/gateway';
import { ByteReader, ByteWriter } from '@cloudchamber/kernel';

const VERSION = 1;
const SUBSCRIBED = 1;
const HAS_SENT = 2;
const HAS_PUBLISHED = 4;

/** By their place here they are stored: add at the end only. */
const OFFLINE_REASONS: readonly (OfflineReason | undefined)[] = [
  undefined,
  'goodbye',
  'silent',
  'replaced',
  'session_ended',
  'unresponsive',
  'server_stopping',
];

/** The longest text of an address: IPv6 with IPv4 inside and a zone. */
const LONGEST_ADDRESS = 64;

/** A session's progress as bytes, for its row. */
export function encodeProgress(progress: SessionProgress): Uint8Array {
  const writer = new ByteWriter(128);
  writeProgress(writer, progress);
  return writer.finish();
}

/** @returns undefined when another version wrote it @throws BytesError when it is damaged */
export function decodeProgress(bytes: Uint8Array): SessionProgress | undefined {
  return readProgress(new ByteReader(bytes));
}

/** One mark: the session's id (6 bytes) and its progress. This runs for every record of every device, so it makes no objects. */
export function writeMark(writer: ByteWriter, id: number, progress: SessionProgress): void {
  writer.u48(id);
  writeProgress(writer, progress);
}

/** Calls `visit` for each of the marks of a commit, up to the first of another version. @throws BytesError when they are damaged */
export function visitMarks(bytes: Uint8Array, visit: (id: number, progress: SessionProgress) => void): void {
  const reader = new ByteReader(bytes);
  while (reader.remaining > 0) {
    const id = reader.u48();
    const progress = readProgress(reader);
    if (progress === undefined) return;
    visit(id, progress);
  }
}

/** 53 bytes and the address as text, numbers big-endian. Nothing of it is secret. */
function writeProgress(writer: ByteWriter, progress: SessionProgress): void {
  const { readWindow, published, nextMessageId, address } = progress;
  const flags =
    (progress.subscribed ? SUBSCRIBED : 0) |
    (nextMessageId === undefined ? 0 : HAS_SENT) |
    (published.top < 0 ? 0 : HAS_PUBLISHED);
  const length = Math.min(address.length, LONGEST_ADDRESS);
  writer
    .u8(VERSION)
    .u8(flags)
    .u8(Math.max(0, OFFLINE_REASONS.indexOf(progress.offline)))
    .u48(progress.readTop + 1)
    .u32(readWindow[0])
    .u32(readWindow[1])
    .u48(progress.writeCeiling)
    .u48(progress.heardAt)
    .u32(progress.silenceAllowedMs)
    .u16(nextMessageId ?? 0)
    .u16(Math.max(0, published.top))
    .u32(published.high)
    .u32(published.low)
    .u16(progress.port)
    .u8(length);
  for (let at = 0; at < length; at++) writer.u8(address.charCodeAt(at));
}

function readProgress(reader: ByteReader): SessionProgress | undefined {
  if (reader.u8() !== VERSION) return undefined;
  const flags = reader.u8();
  const offline = OFFLINE_REASONS[reader.u8()];
  const readTop = reader.u48() - 1;
  const readWindow = [reader.u32(), reader.u32()] as const;
  const writeCeiling = reader.u48();
  const heardAt = reader.u48();
  const silenceAllowedMs = reader.u32();
  const nextId = reader.u16();
  const top = reader.u16();
  const published = { top: (flags & HAS_PUBLISHED) === 0 ? -1 : top, high: reader.u32(), low: reader.u32() };
  const port = reader.u16();
  const address = Buffer.from(reader.bytes(reader.u8())).toString('latin1');
  return {
    readTop,
    readWindow,
    writeCeiling,
    address,
    port,
    heardAt,
    offline,
    silenceAllowedMs,
    subscribed: (flags & SUBSCRIBED) !== 0,
    nextMessageId: (flags & HAS_SENT) === 0 ? undefined : nextId,
    published,
  };
}
