/** What is worth keeping beside a log line: ids, counts, reasons. Never keys, tokens or payloads. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging as our packages ask for it; pino satisfies it. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** Does anybody read lines of this level? Spares making what nobody does; absent where all are read. */
  isLevelEnabled?(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
}

/** Swallows everything; the default in tests. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
