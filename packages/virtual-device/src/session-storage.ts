/**
 * Where a device keeps its session between connections (protocol section 1.7). The bytes are secret and mean something only to the device.
 * All calls are synchronous: a record is sent only after the counters that make it unique are stored.
 */
export interface SessionStorage {
  /** What was saved last, or undefined when nothing is there or it is damaged. */
  load(): Uint8Array | undefined;
  /** Called for every record in either direction; `bytes` always has the same length and may be kept. */
  save(bytes: Uint8Array): void;
  erase(): void;
}

/** Keeps the session for as long as the process lives. */
export function memoryStorage(): SessionStorage {
  let kept: Uint8Array | undefined;
  return {
    load: () => kept,
    save: (bytes) => {
      kept = bytes;
    },
    erase: () => {
      kept = undefined;
    },
  };
}
