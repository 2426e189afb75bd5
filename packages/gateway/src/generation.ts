import { ContentFormat, isTextFormat, MAX_PLAINTEXT } from '@cloudchamber/wire';
import type { HelloFacts } from './ports.ts';

/** Devices before 3.0 say nothing of it (protocol section 3.4). */
const EARLY_MESSAGE_BYTES = 800;
const FIRST_WITH_CONTENT_FORMATS = 6200;

/** The largest CoAP message that the device has room for, in bytes. */
export function messageRoom(hello: HelloFacts | undefined): number {
  return Math.min(hello?.maxMessageSize ?? EARLY_MESSAGE_BYTES, MAX_PLAINTEXT);
}

/**
 * The content format to name in an event for the device: before 6.2 none may be named, since the parsers there misread what follows (protocol section 6.1).
 * Undefined when such a device can't be told of it, because it is no text.
 */
export function eventFormat(hello: HelloFacts | undefined, contentFormat: number): number | undefined {
  if ((hello?.systemVersion ?? 0) >= FIRST_WITH_CONTENT_FORMATS) return contentFormat;
  return isTextFormat(contentFormat) ? ContentFormat.TEXT : undefined;
}
