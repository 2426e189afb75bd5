import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain/domain-error.ts';
import { isCsrfOf } from './session-cookie.ts';

type Request = Pick<FastifyRequest, 'method' | 'headers' | 'host'>;

const CSRF_HEADER = 'x-chamber-csrf';
const READING: readonly string[] = ['GET', 'HEAD'];

/**
 * Does a page of another origin send this request? Browsers say so: `Origin` stands with everything that may change something and with what scripts
 * ask of other origins, `Sec-Fetch-Site` with everything that goes to TLS or to the machine itself.
 */
export function isForeign({ headers, host }: Request, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  const { origin } = headers;
  return origin !== undefined && !isOwn(origin, host, publicUrl);
}

/**
 * Lets a request by the console's cookie through when a page of this server sends it.
 * @param token of the session
 * @throws DomainError `csrf_failed`.
 */
export function checkCookieRequest(request: Request, token: string, publicUrl: string): void {
  refuseForeign(request, publicUrl);
  if (READING.includes(request.method) || isCsrfOf(token, request.headers[CSRF_HEADER])) return;
  throw csrfFailed('A request by the cookie of the console needs the header X-Chamber-CSRF of its session');
}

/** @throws DomainError `csrf_failed` for what a page of another origin sends. */
export function refuseForeign(request: Request, publicUrl: string): void {
  if (isForeign(request, publicUrl)) throw csrfFailed('A page of another site may not use the log-in of the console');
}

function csrfFailed(text: string): DomainError {
  return new DomainError('forbidden', 'csrf_failed', text);
}

/** The public address, or the one that the browser has asked; not without TLS where the public one has it. */
function isOwn(origin: string, host: string, publicUrl: string): boolean {
  const from = URL.parse(origin);
  const own = URL.parse(publicUrl);
  if (from === null || own === null) return false;
  if (from.origin === own.origin) return true;
  if (own.protocol === 'https:' && from.protocol !== 'https:') return false;
  return from.host !== '' && from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}
