import { ChamberError } from '@cloudchamber/kernel';

export type DomainErrorKind =
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'forbidden'
  | 'unauthorized'
  | 'limit_exceeded'
  | 'too_large'
  | 'precondition_failed'
  | 'unavailable'
  | 'timed_out';

/**
 * The closed set of ways in which a domain verb refuses. `code` is stable (`device.not_found`), `message` is for people.
 * `http/` maps kinds to statuses in one table; a route family that owes clients a special body maps by code.
 */
export class DomainError extends ChamberError {
  readonly kind: DomainErrorKind;

  constructor(kind: DomainErrorKind, code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(code, 'caller', message, details === undefined ? {} : { details });
    this.kind = kind;
  }
}
