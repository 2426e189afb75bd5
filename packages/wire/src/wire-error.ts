import { ChamberError } from '@cloudchamber/kernel';

export type WireErrorKind = 'truncated' | 'malformed' | 'unsupported' | 'unauthenticated' | 'replayed' | 'too_large';

/** The only error that `wire` throws: what was wrong with bytes from a peer, where, and which clause says so. */
export class WireError extends ChamberError {
  readonly kind: WireErrorKind;
  /** Offset in the input where it was noticed, or -1 where no offset makes sense. */
  readonly offset: number;
  /** The clause that was broken: `RFC 7252 3`, `protocol section 1.4`. */
  readonly clause: string;

  constructor(kind: WireErrorKind, message: string, clause: string, offset = -1) {
    super(`wire.${kind}`, 'peer', message, { details: { clause, offset } });
    this.kind = kind;
    this.offset = offset;
    this.clause = clause;
  }
}
