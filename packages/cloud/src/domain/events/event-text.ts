import { isUtf8 } from 'node:buffer';
import { isTextFormat } from '@cloudchamber/wire';
import { decode } from 'cborg';

/** CBOR that consumers are shown as JSON. */
const JSON_AS_CBOR = 65001;

const MEDIA_TYPES: Readonly<Record<number, string>> = {
  22: 'image/jpeg',
  23: 'image/png',
  60: 'application/cbor',
  [JSON_AS_CBOR]: 'application/cbor',
};

/**
 * The data of an event as text channels show it (protocol section 5.3): text as it is, JSON-as-CBOR as JSON text, everything else, and text that is
 * not UTF-8, as a data URL. Null for an event without data.
 */
export function eventText(data: Uint8Array | null, contentFormat: number): string | null {
  if (data === null) return null;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (isTextFormat(contentFormat)) {
    return isUtf8(bytes) ? bytes.toString('utf8') : dataUrl('application/octet-stream', bytes);
  }
  const json = contentFormat === JSON_AS_CBOR ? jsonOfCbor(bytes) : undefined;
  return json ?? dataUrl(MEDIA_TYPES[contentFormat] ?? 'application/octet-stream', bytes);
}

function dataUrl(mediaType: string, bytes: Buffer): string {
  return `data:${mediaType};base64,${bytes.toString('base64')}`;
}

/** JSON by RFC 8949 section 6.1, or undefined for bytes that are not one CBOR item or hold what JSON cannot say. */
function jsonOfCbor(bytes: Buffer): string | undefined {
  try {
    return JSON.stringify(decode(bytes), plainJson);
  } catch {
    // Not CBOR, a map with keys that are no text, or nested deeper than the stack: consumers get the bytes.
    return undefined;
  }
}

function plainJson(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (typeof value === 'bigint') return Number(value);
  return value;
}
