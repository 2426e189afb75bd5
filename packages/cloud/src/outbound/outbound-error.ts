import { ChamberError } from '@cloudchamber/kernel';

/**
 * Why a request to somebody's server has no reply.
 * - `bad_url`: the URL is none, or not http or https
 * - `bad_request`: a header that HTTP doesn't allow; nothing was sent
 * - `forbidden_target`: a private or reserved network; nothing was sent
 * - `busy`: too many requests wait already; nothing was sent
 * - `ETIMEDOUT`: no connection in time; nothing was sent
 * - `tls`: no trusted connection; nothing was sent
 * - `unreachable`: no such name, no connection, or no complete reply
 * - `ESOCKETTIMEDOUT`: no complete reply in time
 * - `too_large`: more reply than the request takes
 */
export type OutboundErrorCode =
  | 'bad_url'
  | 'bad_request'
  | 'forbidden_target'
  | 'busy'
  | 'ETIMEDOUT'
  | 'tls'
  | 'unreachable'
  | 'ESOCKETTIMEDOUT'
  | 'too_large';

/** A request that got no reply. The message may be shown to whoever chose the URL: it holds nothing that the URL doesn't, so no address that a name led to. */
export class OutboundError extends ChamberError {
  override readonly code: OutboundErrorCode;

  constructor(code: OutboundErrorCode, message: string) {
    super(code, OURS.has(code) ? 'caller' : 'peer', message);
    this.code = code;
  }
}

const OURS: ReadonlySet<OutboundErrorCode> = new Set(['bad_url', 'bad_request', 'forbidden_target', 'busy']);
