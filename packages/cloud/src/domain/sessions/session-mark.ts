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

/** A session's progress as bytes, at most 120: numbers are big-endian, the address is text at the end. It holds no secret. */
export function encodeMark(progress: SessionProgress): Uint8Array {
  const { readWindow, published, nextMessageId } = progress;
  const flags =
    (progress.subscribed ? SUBSCRIBED : 0) |
    (nextMessageId === undefined ? 0 : HAS_SENT) |
    (published.top < 0 ? 0 : HAS_PUBLISHED);
  return new ByteWriter(128)
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
    .bytes(Buffer.from(progress.address.slice(0, LONGEST_ADDRESS), 'latin1'))
    .finish();
}

/** @returns undefined when another version wrote it @throws BytesError when it is damaged */
export function decodeMark(bytes: Uint8Array): SessionProgress | undefined {
  const reader = new ByteReader(bytes);
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
  return {
    readTop,
    readWindow,
    writeCeiling,
    address: Buffer.from(reader.rest()).toString('latin1'),
    port,
    heardAt,
    offline,
    silenceAllowedMs,
    subscribed: (flags & SUBSCRIBED) !== 0,
    nextMessageId: (flags & HAS_SENT) === 0 ? undefined : nextId,
    published,
  };
}
