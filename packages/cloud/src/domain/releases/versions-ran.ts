import type { Bus } from '../../bus/index.ts';
import type { Ambient } from '../context.ts';
import { firmwareVersions } from './firmware-topic.ts';
import { findVersion, noteFirstRun } from './firmware-version-store.ts';

/** Versions that are remembered to have run. */
const MOST_KNOWN = 20_000;

/** Notes which versions have run on a device of their product, which they must have before they are released (OTA-08). */
export class VersionsRan {
  readonly #ctx: Pick<Ambient, 'store' | 'clock'>;
  /** Versions of which that is in the store. */
  readonly #known = new Set<string>();
  readonly #unsubscribe: () => void;
  /** Counts versions that came and went, so that a look that began before is not remembered. */
  #changes = 0;

  constructor(ctx: Pick<Ambient, 'store' | 'clock'>, bus: Bus) {
    this.#ctx = ctx;
    this.#unsubscribe = bus.subscribe(firmwareVersions, ({ productId, version }) => {
      this.#changes++;
      this.#known.delete(keyOf(productId, version));
    });
  }

  /** A member has said Hello with this version. Costs nothing when that is known to have run, else a read by key and at most one write. */
  async note({ productId, version: number }: { readonly productId: number; readonly version: number }): Promise<void> {
    const key = keyOf(productId, number);
    if (this.#known.has(key)) return;
    const { store, clock } = this.#ctx;
    const changes = this.#changes;
    const version = await findVersion(store.reads, productId, number);
    if (version === undefined) return;
    if (version.firstRunAt === null) await noteFirstRun(store.db, productId, number, clock.now());
    if (changes !== this.#changes) return;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.add(key);
  }

  close(): void {
    this.#unsubscribe();
    this.#known.clear();
  }
}

function keyOf(productId: number, version: number): string {
  return `${productId}/${version}`;
}
