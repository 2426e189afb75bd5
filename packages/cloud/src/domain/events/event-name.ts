const MOST_BYTES = 64;

/**
 * What is wrong with an event name, or undefined when nothing is: 1 to 64 bytes of UTF-8 without control characters
 * (protocol section 5.3; a line end would end the `event:` line of a stream).
 */
export function eventNameFault(name: string): string | undefined {
  if (name.length === 0) return 'An event needs a name';
  if (name.length <= MOST_BYTES && isPlainAscii(name)) return undefined;
  if (Buffer.byteLength(name) > MOST_BYTES) return `An event name has at most ${MOST_BYTES} bytes`;
  return /\p{Cc}/u.test(name) ? 'An event name has no control characters' : undefined;
}

function isPlainAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
