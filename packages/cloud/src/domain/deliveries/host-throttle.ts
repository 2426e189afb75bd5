import { type Clock, type Entropy, seconds } from '@cloudchamber/kernel';

/** Attempts are counted over this time, in slices. */
const SLICE = seconds(10);
const SLICES = 6;
/** With fewer failures nothing is throttled. */
const LEAST_FAILURES = 5;
/** However bad a host is, one attempt goes through this often, to see whether it is back. */
const PROBE_EVERY = seconds(10);
/** So many successes in a row show that it is back. */
const ENOUGH_SUCCESSES = 3;
/** Pairs of owner and host that are known; the one that was used longest ago is forgotten. */
const MOST_KNOWN = 10_000;

interface Slice {
  readonly number: number;
  succeeded: number;
  failed: number;
}

interface Past {
  slices: Slice[];
  succeededInARow: number;
  /** Monotonic ms: when the next probe may go. */
  nextProbeAt: number;
}

/**
 * Spares hosts that mostly fail (section 5 of the event notes): when failures outnumber successes of the last minute, some attempts are skipped, more the
 * worse it is. What one owner's integrations did at a host says nothing about another owner's: otherwise whoever makes a host fail on purpose, by calling
 * an address there that doesn't exist, would stop everybody's deliveries to it.
 */
export class HostThrottle {
  readonly #clock: Clock;
  readonly #entropy: Pick<Entropy, 'fraction'>;
  /** Used longest ago first. */
  readonly #records = new Map<string, Past>();

  constructor(clock: Clock, entropy: Pick<Entropy, 'fraction'>) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  /** May an attempt of this owner go to this host now? One that is allowed has to be told to `note`. */
  allows(owner: string, host: string): boolean {
    const record = this.#known(owner, host);
    if (record === undefined) return true;
    const { succeeded, failed } = this.#sums(record);
    if (failed < LEAST_FAILURES || failed <= succeeded) return true;
    const now = this.#clock.monotonic();
    if (now >= record.nextProbeAt) {
      record.nextProbeAt = now + PROBE_EVERY;
      return true;
    }
    return this.#entropy.fraction() < succeeded / failed;
  }

  /** How an attempt ended: a reply of 2xx is a success. */
  note(owner: string, host: string, succeeded: boolean): void {
    const record = this.#known(owner, host) ?? this.#add(owner, host);
    const number = Math.floor(this.#clock.monotonic() / SLICE);
    let slice = record.slices.at(-1);
    if (slice?.number !== number) {
      slice = { number, succeeded: 0, failed: 0 };
      record.slices = [...record.slices.filter((old) => old.number > number - SLICES), slice];
    }
    if (!succeeded) {
      slice.failed += 1;
      record.succeededInARow = 0;
      record.nextProbeAt = this.#clock.monotonic() + PROBE_EVERY;
      return;
    }
    slice.succeeded += 1;
    record.succeededInARow += 1;
    record.nextProbeAt = 0;
    if (record.succeededInARow >= ENOUGH_SUCCESSES) for (const past of record.slices) past.failed = 0;
  }

  /** Has this host answered this owner well in the last minute? */
  isProven(owner: string, host: string): boolean {
    const record = this.#records.get(keyOf(owner, host));
    return record !== undefined && this.#sums(record).succeeded > 0;
  }

  #known(owner: string, host: string): Past | undefined {
    const key = keyOf(owner, host);
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    this.#records.delete(key);
    this.#records.set(key, record);
    return record;
  }

  #add(owner: string, host: string): Past {
    const record: Past = { slices: [], succeededInARow: 0, nextProbeAt: 0 };
    this.#records.set(keyOf(owner, host), record);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MOST_KNOWN) break;
      this.#records.delete(oldest);
    }
    return record;
  }

  #sums({ slices }: Past): { readonly succeeded: number; readonly failed: number } {
    const oldest = Math.floor(this.#clock.monotonic() / SLICE) - SLICES;
    let succeeded = 0;
    let failed = 0;
    for (const slice of slices) {
      if (slice.number <= oldest) continue;
      succeeded += slice.succeeded;
      failed += slice.failed;
    }
    return { succeeded, failed };
  }
}

function keyOf(owner: string, host: string): string {
  return `${owner} ${host}`;
}
