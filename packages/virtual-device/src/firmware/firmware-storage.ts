/** Where a device keeps what it knows of its firmware, beyond the life of its process. Calls are synchronous, as those of `SessionStorage`. */
export interface FirmwareStorage {
  /** What was saved last, or undefined when nothing is there or it is damaged. */
  load(): Uint8Array | undefined;
  /** Called after each update. */
  save(bytes: Uint8Array): void;
}
