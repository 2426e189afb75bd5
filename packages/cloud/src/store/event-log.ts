/** An event as the log keeps it (design section 3). */
export interface NewEvent {
  /** The account whose stream it belongs to, or null for a device that nobody claimed. */
  readonly ownerId: string | null;
  readonly productId: number | null;
  /** The device that published it, or null when it came through the API or from the cloud itself. */
  readonly deviceId: string | null;
  /** What streams show as `coreid`: the device id, `api` or `particle-internal`. */
  readonly publisher: string;
  readonly name: string;
  /** Null for an event without data. */
  readonly data: Uint8Array | null;
  /** CoAP Content-Format of `data`, 0 for text. */
  readonly contentFormat: number;
  readonly ttlSeconds: number;
  /** Wall time in ms. */
  readonly publishedAt: number;
  /** Is it a data operation (BIL-13)? It is counted in its own commit. */
  readonly counted?: boolean;
  /** The device that an event of the cloud's own answers: it may hear it although nobody owns the device. Not stored. */
  readonly answers?: string | null;
  /** Ids of the integrations that it is owed to: a delivery for each is written in its own commit. */
  readonly deliveries?: readonly string[];
}

export interface StoredEvent extends NewEvent {
  /** Position in the log; grows with every event of this store. */
  readonly sequence: number;
}

export interface EventQuery {
  readonly ownerId?: string;
  readonly deviceId?: string;
  readonly namePrefix?: string;
  /** Only events after this position. */
  readonly afterSequence?: number;
  readonly limit: number;
}

/** Somebody who keeps note of an event in a mark of its own, which is to be durable exactly when the event is. */
export interface CommitWitness {
  /** The event's commit begins now; marks are taken afterwards. */
  entering(): void;
  /** That commit kept nothing. */
  failed(): void;
}

/** Append-only. `append` resolves after the commit that made the event durable, and not before (house rule: nothing lost). */
export interface EventLog {
  /** @throws ChamberError `event_log.full` when too much is waiting, `event_log.unavailable` when the store refuses. */
  append(event: NewEvent, witness?: CommitWitness): Promise<StoredEvent>;
  /** Oldest first. */
  read(query: EventQuery): Promise<StoredEvent[]>;
}
