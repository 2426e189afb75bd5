import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const NAME = 'chamber_session';
const TOKEN = /^[0-9a-f]{40}$/;

type WithHeaders = Pick<FastifyRequest, 'headers'>;

/** The token of the console's session that a browser sends, or undefined. */
export function sessionOf({ headers }: WithHeaders): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [name = '', value = ''] = pair.split('=', 2).map((part) => part.trim());
    if (name === NAME) return TOKEN.test(value) ? value : undefined;
  }
  return undefined;
}

/**
 * The Set-Cookie header of a session (RFC 6265 section 4.1): no script reads it, and no other site makes a browser send it.
 * @param publicUrl decides whether it goes over TLS only
 * @param lifetimeMs 0 takes it back
 */
export function sessionCookie(publicUrl: string, token: string, lifetimeMs: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${NAME}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(lifetimeMs / 1000)}${secure}`;
}

/**
 * What a page of the console proves by that it could read a reply of this server: no other site can. It follows from the session's token, which
 * has 160 random bits, and says nothing of it.
 * @returns 64 hex digits
 */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('chamber console csrf').digest('hex');
}

/** Is `given` the value of this session? In constant time. */
export function isCsrfOf(token: string, given: unknown): boolean {
  const expected = csrfOf(token);
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}
