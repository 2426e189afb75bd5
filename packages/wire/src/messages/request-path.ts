import type { CoapMessage } from '../coap/index.ts';
import { CoapOptionNumber } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { MAX_NAME_BYTES } from './limits.ts';
import { decodeUtf8 } from './utf8.ts';

/** The letter that a request is for: the first Uri-Path option, when that is one byte (protocol section 3.1). */
export function pathLetter(message: CoapMessage): string | undefined {
  for (const { number, value } of message.options) {
    if (number === CoapOptionNumber.URI_PATH)
      return value.length === 1 ? String.fromCharCode(value[0] as number) : undefined;
  }
  return undefined;
}

/**
 * The name after the letter. It is one option, slashes inside; a name split over several options is joined with slashes. Empty when there is none.
 * @throws WireError `malformed` for bad UTF-8, `too_large` above 64 bytes.
 */
export function pathName(message: CoapMessage, clause: string): string {
  let name = '';
  let bytes = -1;
  let seen = 0;
  for (const { number, value } of message.options) {
    if (number !== CoapOptionNumber.URI_PATH) continue;
    seen += 1;
    if (seen === 1) continue;
    bytes += value.length + 1;
    if (bytes > MAX_NAME_BYTES) throw new WireError('too_large', `a name of ${bytes} bytes`, clause);
    const part = decodeUtf8(value, clause);
    name = seen === 2 ? part : `${name}/${part}`;
  }
  return name;
}
