import type { StoredEvent } from '../../store/index.ts';
import type { EventReader } from './event-reader.ts';

/** For tests: a reader that takes what it is given when it is told to. */
export class FakeReader implements EventReader {
  readonly events: StoredEvent[] = [];
  readonly comments: string[] = [];
  ending: string | undefined;
  unsentBytes = 0;
  /** Bytes that an event leaves unsent. */
  bytesEach = 0;
  #waiting: (() => void)[] = [];

  push(event: StoredEvent): void {
    this.events.push(event);
    this.unsentBytes += this.bytesEach;
  }

  room(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  comment(text: string): void {
    this.comments.push(text);
  }

  end(reason: string): void {
    this.ending ??= reason;
  }

  /** Takes everything. */
  drain(): void {
    this.unsentBytes = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get names(): string[] {
    return this.events.map(({ name }) => name);
  }
}
