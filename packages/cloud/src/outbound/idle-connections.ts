import type { Clock, Timer } from '@cloudchamber/kernel';
import type { Connection } from './connection.ts';

export interface IdleConnectionsOptions {
  readonly perKey: number;
  readonly total: number;
  /** After how long one ends, ms. */
  readonly longestMs: number;
}

interface Idle {
  readonly key: string;
  readonly end: Timer;
}

/** Connections that wait for their next request, by what makes two requests share one. The oldest gives way. */
export class IdleConnections {
  readonly #options: IdleConnectionsOptions;
  /** Oldest first. */
  readonly #idle = new Map<Connection, Idle>();
  readonly #clock: Clock;

  constructor(clock: Clock, options: IdleConnectionsOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** @returns the one that was used last, which is the least likely to be closed by its server */
  take(key: string): Connection | undefined {
    const found = this.#of(key).findLast((connection) => connection.open);
    if (found !== undefined) this.#forget(found);
    return found;
  }

  put(key: string, connection: Connection): void {
    if (!connection.open) return connection.destroy();
    const end = this.#clock.after(this.#options.longestMs, () => this.remove(connection));
    this.#idle.set(connection, { key, end });
    const sameKey = this.#of(key);
    if (sameKey.length > this.#options.perKey) this.remove(sameKey[0]);
    if (this.#idle.size > this.#options.total) this.remove(this.#idle.keys().next().value);
  }

  /** Ends one; nothing happens when it isn't idle. */
  remove(connection: Connection | undefined): void {
    if (connection !== undefined && this.#forget(connection)) connection.destroy();
  }

  clear(): void {
    for (const connection of this.#idle.keys()) this.remove(connection);
  }

  #of(key: string): Connection[] {
    return [...this.#idle].flatMap(([connection, idle]) => (idle.key === key ? [connection] : []));
  }

  /** @returns whether it was idle */
  #forget(connection: Connection): boolean {
    this.#idle.get(connection)?.end.cancel();
    return this.#idle.delete(connection);
  }
}
