import { isIP } from 'node:net';
import { isHostName } from './host-name.ts';
import { OutboundError } from './outbound-error.ts';

/** Where a request goes. */
export interface OutboundTarget {
  /** Scheme, host and port, as a URL has them. */
  readonly origin: string;
  readonly secure: boolean;
  /** A name in lower-case ASCII without a dot at its end, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** What user and password of the URL are as an Authorization header. */
  readonly authorization: string | undefined;
}

/**
 * Takes a URL apart. The WHATWG parser has put every spelling of an address and of a name into one form by then: octal, hexadecimal, decimal and short
 * IPv4, percent-encoding, full-width digits, dots of other scripts. User and password of the URL leave it and become a Basic Authorization header
 * (RFC 7617). The fragment is dropped.
 * @throws OutboundError `bad_url`
 */
export function readTarget(text: string): OutboundTarget {
  const url = URL.parse(text);
  if (url === null) throw badUrl('is not a complete URL such as https://example.com/path');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badUrl('must start with http:// or https://');
  const authorization = basicAuthorization(url);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host) === 0 && !isHostName(host)) throw badUrl('has a host that is neither a name nor an address');
  url.hostname = url.hostname.replace(/\.$/, '');
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (port === 0) throw badUrl('has port 0, at which nothing can be reached');
  return { origin: url.origin, secure, host, port, path: `${url.pathname}${url.search}`, authorization };
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  } catch {
    throw badUrl('has a user or password with a % that starts no escape; write %25 for it');
  }
}

function badUrl(what: string): OutboundError {
  return new OutboundError('bad_url', `The URL ${what}`);
}
