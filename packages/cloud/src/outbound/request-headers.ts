import { validateHeaderName, validateHeaderValue } from 'node:http';
import { OutboundError } from './outbound-error.ts';
import type { OutboundTarget } from './outbound-target.ts';

/** Headers that say how this connection works (RFC 9110 sections 7.2 and 7.6.1): ours to write. */
const OURS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of a request: what the caller gave, names in lower case, without those that belong to the connection. Replies are asked for uncompressed.
 * User and password of the URL count unless there is an Authorization header.
 * @throws OutboundError `bad_request` that names the header
 */
export function requestHeaders(
  given: Readonly<Record<string, string>>,
  { authorization }: OutboundTarget,
): Record<string, string> {
  const headers = new Map<string, string>();
  if (authorization !== undefined) headers.set('authorization', authorization);
  for (const [name, value] of Object.entries(given)) {
    checkHeader(name, value);
    if (!OURS.has(name.toLowerCase())) headers.set(name.toLowerCase(), value);
  }
  headers.set('accept-encoding', 'identity');
  return Object.fromEntries(headers);
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
  } catch {
    throw new OutboundError('bad_request', `${JSON.stringify(name)} cannot be the name of a header`);
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    throw new OutboundError('bad_request', `The header ${name} has a character that headers cannot have`);
  }
}
