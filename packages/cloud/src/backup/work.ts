/** What long work tells, and what ends it. */
export interface Work {
  /** @param done and total in bytes */
  progress(label: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}
