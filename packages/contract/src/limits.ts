import type { RateLimit } from './define-route.ts';

/** For what may be tried to guess or to flood: log-ins, sign-ups, resets (section 4.1 of the API notes). */
export const ATTEMPTS: RateLimit = { per: 'address', count: 100, seconds: 300 };

/** Openings of event streams. Those below `/v1/events` count apart from all others. */
export const STREAM_OPENINGS: RateLimit = { ...ATTEMPTS, together: 'streams' };
export const PREFIXED_STREAM_OPENINGS: RateLimit = { ...ATTEMPTS, together: 'prefixed streams' };

/** Looking up serial numbers, which are easy to enumerate. */
export const SERIAL_NUMBERS: RateLimit = { per: 'user', count: 50, seconds: 3600 };
