import { parseTimestamp } from '@cloudchamber/contract';
import { DomainError } from '../domain-error.ts';

/** 90 days, what clients count on. */
const DEFAULT_SECONDS = 7_776_000;
/** A hundred years: more is a mistake, 0 is the way to say never. */
const MOST_SECONDS = 3_153_600_000;

/**
 * How long a token shall live, from `expires_in` (seconds, 0 for never) or else `expires_at` (ISO 8601, null or empty for never).
 * @returns seconds, 0 for never.
 * @throws DomainError `invalid` (`invalid_request`).
 */
export function tokenLifetime(
  asked: { readonly expiresIn?: number | undefined; readonly expiresAt?: string | null | undefined },
  now: number,
): number {
  if (asked.expiresIn !== undefined) return checked(asked.expiresIn, 0, 'expires_in');
  if (asked.expiresAt === undefined) return DEFAULT_SECONDS;
  if (asked.expiresAt === null || asked.expiresAt === '' || asked.expiresAt === 'null') return 0;
  const at = parseTimestamp(asked.expiresAt);
  if (at === undefined)
    throw new DomainError('invalid', 'invalid_request', 'expires_at must be an ISO 8601 date or time');
  return checked(Math.ceil((at - now) / 1000), 1, 'expires_at');
}

function checked(lifetime: number, least: number, name: string): number {
  if (lifetime >= least && lifetime <= MOST_SECONDS) return lifetime;
  throw new DomainError('invalid', 'invalid_request', `${name} is out of range`);
}
