import { errorMessage, minutes, type Timer } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { FIGURES, type Figure, type HealthCount, QUARTER } from './health-figure.ts';
import { addCounts, findMemberships } from './health-store.ts';

const EVERY = minutes(1);
/** Devices with counts in memory; more are stored at once. */
const MOST_TALLIES = 200_000;
/** A statement stores no more, so that others get their turn. */
const PER_STATEMENT = 250;

interface Tally {
  readonly productId: number | undefined;
  readonly deviceId: string;
  readonly bucket: number;
  /** When it began, ms UTC. */
  readonly began: number;
  readonly counts: Map<Figure, number>;
}

/** Which device, and in which product it is where that is known. */
interface Counted {
  readonly deviceId: string | null;
  /** Null outside of products, where nothing is counted. Undefined when only the store knows. */
  readonly productId: number | null | undefined;
}

/** How an integration's attempt ended. */
const ATTEMPTS = {
  success: FIGURES.integrationSuccess,
  error: FIGURES.integrationFailure,
  sleep: FIGURES.integrationSleep,
} as const;

const ANSWERS = {
  function: {
    success: FIGURES.functionSuccess,
    failure: FIGURES.functionFailure,
    offline: FIGURES.functionOffline,
  },
  variable: {
    success: FIGURES.variableSuccess,
    failure: FIGURES.variableFailure,
    offline: FIGURES.variableOffline,
  },
} as const;

/**
 * Counts what the devices of products do, in memory: stored once a minute, and when it closes. These are figures, not events: a process that is killed loses
 * what it has counted since, and one whose store refuses them what it had.
 */
export class HealthCounter {
  readonly #ctx: Pick<Ambient, 'store' | 'clock' | 'log'>;
  readonly #most: number;
  #tallies = new Map<string, Tally>();
  /** Tallies whose quarter or product is over. */
  #over: Tally[] = [];
  #timer: Timer | undefined;
  #storing: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param most devices whose counts are held in memory */
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, most = MOST_TALLIES) {
    this.#ctx = ctx;
    this.#most = most;
    this.#rest();
  }

  /** A device published an event. */
  event(device: Counted): void {
    this.#count(device, FIGURES.eventReceived);
  }

  /** A device was asked; its product is looked up when the count is stored. */
  asked(deviceId: string, kind: keyof typeof ANSWERS, outcome: keyof (typeof ANSWERS)['function']): void {
    this.#count({ deviceId, productId: undefined }, ANSWERS[kind][outcome]);
  }

  /** An attempt to deliver an event of a device to an integration ended so. */
  attempt(device: Counted, outcome: keyof typeof ATTEMPTS): void {
    this.#count(device, ATTEMPTS[outcome]);
  }

  /** Stores what was counted. Resolves when that was tried. */
  flush(): Promise<void> {
    const tallies = [...this.#over, ...this.#tallies.values()];
    this.#over = [];
    this.#tallies = new Map();
    if (tallies.length > 0) this.#storing = this.#storing.then(() => this.#store(tallies));
    return this.#storing;
  }

  /** Stores what is left. Call it before the store closes, and after everything that counts. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.flush();
  }

  #count({ deviceId, productId }: Counted, figure: Figure): void {
    if (productId === null || this.#closed) return;
    const now = this.#ctx.clock.now();
    const key = deviceId ?? `product ${productId}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined || now - tally.bucket >= QUARTER || tally.productId !== productId) {
      if (tally !== undefined) this.#over.push(tally);
      tally = { productId, deviceId: deviceId ?? '', bucket: now - (now % QUARTER), began: now, counts: new Map() };
      this.#tallies.set(key, tally);
      if (this.#tallies.size + this.#over.length >= this.#most) void this.flush();
    }
    tally.counts.set(figure, (tally.counts.get(figure) ?? 0) + 1);
  }

  #rest(): void {
    this.#timer = this.#ctx.clock.after(EVERY, () => {
      void this.flush().then(() => {
        if (!this.#closed) this.#rest();
      });
    });
  }

  async #store(tallies: readonly Tally[]): Promise<void> {
    const { store, log } = this.#ctx;
    try {
      const counts = withSums(await this.#placed(tallies));
      for (let at = 0; at < counts.length; at += PER_STATEMENT) {
        await addCounts(store.db, counts.slice(at, at + PER_STATEMENT));
      }
    } catch (error) {
      log.warn({ devices: tallies.length, error: errorMessage(error) }, 'figures of fleets were not stored');
    }
  }

  /** The counts of devices that are in a product, and were when the counting began. */
  async #placed(tallies: readonly Tally[]): Promise<HealthCount[]> {
    const { store } = this.#ctx;
    const unknown = tallies.flatMap(({ productId, deviceId }) => (productId === undefined ? [deviceId] : []));
    const memberships = await findMemberships(store.db, [...new Set(unknown)]);
    return tallies.flatMap((tally) => {
      const { deviceId, bucket } = tally;
      const membership = memberships.get(deviceId);
      const since = membership?.since ?? 0;
      const productId = tally.productId ?? (tally.began >= since ? membership?.productId : undefined);
      if (productId === undefined) return [];
      return [...tally.counts].map(([figure, count]) => ({ ...figure, productId, deviceId, bucket, count }));
    });
  }
}

/** The counts with the sums of each product, and every figure of a quarter once: a statement may not change a row twice. */
function withSums(counts: readonly HealthCount[]): HealthCount[] {
  const rows = new Map<string, HealthCount>();
  const add = (row: HealthCount): void => {
    const key = `${row.productId} ${row.deviceId} ${row.bucket} ${row.kind} ${row.outcome}`;
    const known = rows.get(key);
    rows.set(key, known === undefined ? row : { ...row, count: known.count + row.count });
  };
  for (const row of counts) {
    add(row);
    if (row.deviceId !== '') add({ ...row, deviceId: '' });
  }
  return [...rows.values()];
}
