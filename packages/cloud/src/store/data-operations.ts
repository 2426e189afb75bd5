/** What counts as a data operation (BIL-13 to BIL-15). */
export type OperationKind = 'publish' | 'subscribe' | 'function' | 'variable' | 'location';

/** Whose operation it is. */
export interface Operation {
  readonly kind: OperationKind;
  readonly ownerId: string | null;
  readonly productId: number | null;
  readonly deviceId: string | null;
  /** Wall time in ms. */
  readonly at: number;
}

/** Operations of one hour and one key, as `data_operations` holds them. */
export interface OperationCount {
  readonly hour: number;
  readonly ownerId: string;
  readonly productId: number;
  readonly deviceId: string;
  readonly kind: OperationKind;
  readonly count: number;
}

/** Where operations are counted that no event carries. */
export interface DataOperations {
  /** Counts one; it is durable with the next commit, which this begins. Resolves then. @throws ChamberError `event_log.unavailable`; it stays counted for the next. */
  count(operation: Operation): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Adds up operations until a commit takes them. */
export class OperationSums {
  readonly #sums = new Map<string, OperationCount>();

  get size(): number {
    return this.#sums.size;
  }

  add({ kind, ownerId, productId, deviceId, at }: Operation, count = 1): void {
    const hour = at - (at % HOUR_MS);
    this.#put({ hour, ownerId: ownerId ?? '', productId: productId ?? 0, deviceId: deviceId ?? '', kind, count });
  }

  /** Puts back what could not be stored. */
  restore(counts: readonly OperationCount[]): void {
    for (const count of counts) this.#put(count);
  }

  /** Everything added up, in one order for all processes, so that two that write at once never wait for each other in a circle. */
  take(): readonly OperationCount[] {
    const counts = [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
    this.#sums.clear();
    return counts;
  }

  #put(added: OperationCount): void {
    const key = `${added.hour} ${added.ownerId} ${added.productId} ${added.deviceId} ${added.kind}`;
    const before = this.#sums.get(key)?.count ?? 0;
    this.#sums.set(key, { ...added, count: before + added.count });
  }
}
