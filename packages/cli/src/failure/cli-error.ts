import type { FailureKind } from './exit-codes.ts';

interface Facts {
  /** What to do next: a sentence, or a command to run. */
  readonly next?: string | undefined;
  /** What the operator of the server can look up in its log. */
  readonly requestId?: string | undefined;
  /** HTTP status of the reply, when there was one. */
  readonly status?: number | undefined;
  /** What came of it all the same, for programs: `error.details` of `--json`. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** A failure that the user is told in one sentence: what, why, and what next. Its kind is the exit code. */
export class CliError extends Error {
  readonly kind: FailureKind;
  readonly next: string | undefined;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly details: unknown;

  constructor(kind: FailureKind, message: string, { next, requestId, status, details, cause }: Facts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.kind = kind;
    this.next = next;
    this.requestId = requestId;
    this.status = status;
    this.details = details;
  }
}

/** The command line is wrong: exit code 2. */
export function usageError(message: string, next?: string): CliError {
  return new CliError('usage', message, { next });
}
