/** Whose fault an error is. `internal` is ours, `caller` is the code that called, `peer` is whoever sent the input. */
export type Fault = 'internal' | 'caller' | 'peer';

export interface ErrorOptions {
  readonly cause?: unknown;
  /** Safe to log and to show: never keys, tokens or payloads. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Root of every error that the project throws on purpose. `code` is a stable dotted string such as `device.not_claimed`. */
export class ChamberError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, fault: Fault, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.fault = fault;
    this.details = options.details ?? {};
  }
}

/** A read past the end, or bytes left over where none may be. */
export class BytesError extends ChamberError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super('bytes.short', 'peer', message, { details: { offset } });
    this.offset = offset;
  }
}

/** The message of anything thrown, for a log line. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
