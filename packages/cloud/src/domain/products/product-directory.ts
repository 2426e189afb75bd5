import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { productChanges } from './product.ts';
import { findProduct } from './product-store.ts';

/** What the traffic of a product's devices needs to know about the product without asking the store. */
export interface ProductCard {
  readonly id: number;
  readonly ownerKind: 'user' | 'organization';
  readonly ownerId: string;
}

/** Cards that are kept; the one that was asked for longest ago gives way. */
const MOST_CARDS = 10_000;

/**
 * The products whose devices this process serves, in memory, so that an event costs no query. Cards are read on first use and follow what verbs
 * commit through the `products` topic.
 */
export class ProductDirectory {
  readonly #store: Pick<Store, 'db'>;
  /** In the order of their use; null for a number that no product has. */
  readonly #cards = new Map<number, ProductCard | null>();
  readonly #loading = new Map<number, Promise<ProductCard | null>>();
  /** Products that changed while their card was being read. */
  readonly #changedMeanwhile = new Set<number>();
  readonly #unsubscribe: () => void;

  constructor(store: Pick<Store, 'db'>, bus: Bus) {
    this.#store = store;
    this.#unsubscribe = bus.subscribe(productChanges, ({ productId }) => {
      this.#cards.delete(productId);
      if (this.#loading.has(productId)) this.#changedMeanwhile.add(productId);
    });
  }

  /** The id of the organization that owns the product; null when none does or there is no such product; undefined while that is not in memory: `load` then. */
  organizationOf(productId: number): string | null | undefined {
    const card = this.#recall(productId);
    if (card === undefined) return undefined;
    return card?.ownerKind === 'organization' ? card.ownerId : null;
  }

  /** The card, read from the store when it has to be; null for a number that no product has. */
  async load(productId: number): Promise<ProductCard | null> {
    const known = this.#recall(productId);
    if (known !== undefined) return known;
    const running = this.#loading.get(productId);
    if (running !== undefined) return running;
    const loading = this.#read(productId).finally(() => {
      this.#loading.delete(productId);
      this.#changedMeanwhile.delete(productId);
    });
    this.#loading.set(productId, loading);
    return loading;
  }

  close(): void {
    this.#unsubscribe();
  }

  #recall(productId: number): ProductCard | null | undefined {
    const card = this.#cards.get(productId);
    if (card === undefined) return undefined;
    this.#cards.delete(productId);
    this.#cards.set(productId, card);
    return card;
  }

  async #read(productId: number): Promise<ProductCard | null> {
    for (;;) {
      const product = await findProduct(this.#store.db, productId);
      if (this.#changedMeanwhile.delete(productId)) continue;
      const card = product ? { id: product.id, ownerKind: product.owner.kind, ownerId: product.owner.id } : null;
      this.#keep(productId, card);
      return card;
    }
  }

  #keep(productId: number, card: ProductCard | null): void {
    this.#cards.set(productId, card);
    if (this.#cards.size <= MOST_CARDS) return;
    for (const oldest of this.#cards.keys()) {
      this.#cards.delete(oldest);
      return;
    }
  }
}
