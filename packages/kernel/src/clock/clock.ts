export interface Timer {
  /** Stops the timer; harmless when it already fired. */
  cancel(): void;
}

/** Time as everything of ours sees it. Tests pass a virtual one; only `system-clock.ts` touches the real thing. */
export interface Clock {
  /** Wall time in milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds that never run backwards, from an arbitrary start. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`. */
  after(delayMs: number, run: () => void): Timer;
}
