import { isUtf8 } from 'node:buffer';
import type { VitalsPayload } from './vitals-payload.ts';
import { isRecord, isShallow } from './vitals-places.ts';

/** Bytes of JSON; documents of Device OS have about a thousand. */
const MOST_BYTES = 8192;

/**
 * The vitals that a device published itself as the data of `spark/device/diagnostics/update` (protocol section 7.1): a JSON object of at most 8 KB with an
 * object `device` in it, and nothing nested deeper than vitals are. Undefined for anything else, which stays an event and no more.
 */
export function vitalsOfEvent(data: Uint8Array): VitalsPayload | undefined {
  if (data.length > MOST_BYTES || !isUtf8(data)) return undefined;
  const payload = parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
  if (!isRecord(payload) || !isRecord(payload.device) || !isShallow(payload)) return undefined;
  return payload;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
