import { errorMessage, type Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { findProduct, productChanges } from '../products/index.ts';
import type { IntegrationOwner } from './integration.ts';
import {
  cardOf,
  type IntegrationCard,
  type IntegrationChange,
  integrationChanges,
  readCards,
} from './integration-changes.ts';
import { enabledIntegrations, findProductsOfOrganizations } from './integration-store.ts';

/** What decides which integrations an event triggers. */
export type Trigger = Pick<NewEvent, 'name' | 'ownerId' | 'productId' | 'deviceId' | 'publisher'>;

export interface DirectoryParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly log: Logger;
}

/** What the cloud says of integrations triggers none, so that none triggers itself (section 5 of the event notes). */
const LOOPS: readonly string[] = ['hook-sent', 'hook-response', 'hook-error'];
const CLOUD = 'particle-internal';
const NONE: readonly string[] = [];

/**
 * All enabled integrations of the cloud in memory, so that an event finds its own at once, without a query: about 200 bytes each, and owners have at most
 * 100. Read once at start; follows what verbs commit through the `integrations` and `products` topics.
 */
export class IntegrationDirectory {
  readonly #parts: DirectoryParts;
  readonly #places = new Map<string, readonly IntegrationCard[]>();
  /** Products that an organization owns, and which. */
  readonly #organizations = new Map<number, string>();
  readonly #unsubscribe: readonly (() => void)[];
  /** Places whose integrations are being read again, and whether they changed meanwhile. */
  readonly #reading = new Map<string, { again: boolean }>();
  readonly #changedProducts = new Map<number, number>();
  /** Places and products that changed while everything was read: what was read of them may be older. */
  readonly #changedAtStart = new Set<string>();
  #loaded = false;

  private constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.#unsubscribe = [
      parts.bus.subscribe(integrationChanges, (change) => this.#apply(change)),
      parts.bus.subscribe(productChanges, ({ productId }) => void this.#followProduct(productId)),
    ];
  }

  /** Reads all enabled integrations. */
  static async open(parts: DirectoryParts): Promise<IntegrationDirectory> {
    const directory = new IntegrationDirectory(parts);
    try {
      await directory.#load();
      return directory;
    } catch (error) {
      directory.close();
      throw error;
    }
  }

  /**
   * The integrations that an event triggers (INT-01, INT-02, MSG-13): those of its owner, of its product, and of the organization that owns the product,
   * whose prefix its name begins with. A device in quarantine is in no product, customers have none.
   * @returns ids, each once.
   */
  integrationsFor(event: Trigger): readonly string[] {
    if (event.publisher === CLOUD || LOOPS.some((name) => event.name.startsWith(name))) return NONE;
    const { ownerId, productId } = event;
    const found: string[] = [];
    if (ownerId !== null) this.#collect(`user ${ownerId}`, event, found);
    if (productId !== null) {
      this.#collect(`product ${productId}`, event, found);
      const organization = this.#organizations.get(productId);
      if (organization !== undefined) this.#collect(`organization ${organization}`, event, found);
    }
    return found.length === 0 ? NONE : found;
  }

  close(): void {
    for (const end of this.#unsubscribe) end();
  }

  #collect(key: string, event: Trigger, found: string[]): void {
    for (const card of this.#places.get(key) ?? []) {
      if (!event.name.startsWith(card.prefix)) continue;
      if (card.deviceId !== null && card.deviceId !== event.deviceId) continue;
      if (card.products !== null && (event.productId === null || !card.products.includes(event.productId))) continue;
      found.push(card.id);
    }
  }

  async #load(): Promise<void> {
    const { db } = this.#parts.store;
    const places = new Map<string, IntegrationCard[]>();
    for await (const rows of enabledIntegrations(db)) {
      for (const row of rows) {
        const key = `${row.owner_kind} ${row.owner_id}`;
        const cards = places.get(key) ?? [];
        places.set(key, cards);
        cards.push(cardOf(row));
      }
    }
    const products = await findProductsOfOrganizations(db);
    for (const [key, cards] of places) if (!this.#changedAtStart.has(key)) this.#put(key, cards);
    for (const [productId, organization] of products) {
      if (!this.#changedAtStart.has(`${productId}`)) this.#organizations.set(productId, organization);
    }
    this.#changedAtStart.clear();
    this.#loaded = true;
  }

  /** What was told counts at once. It is read again too: of two changes at the same time the one that was committed first may be told last. */
  #apply({ owner, cards }: IntegrationChange): void {
    const key = keyOf(owner);
    if (!this.#loaded) this.#changedAtStart.add(key);
    this.#put(key, cards);
    const reading = this.#reading.get(key);
    if (reading === undefined) void this.#readAgain(key, owner);
    else reading.again = true;
  }

  async #readAgain(key: string, owner: IntegrationOwner): Promise<void> {
    const reading = { again: true };
    this.#reading.set(key, reading);
    try {
      let cards: readonly IntegrationCard[] = [];
      while (reading.again) {
        reading.again = false;
        cards = await readCards(this.#parts.store.db, owner);
      }
      this.#put(key, cards);
    } catch (error) {
      this.#parts.log.warn({ owner: owner.id, error: errorMessage(error) }, 'integrations could not be read again');
    } finally {
      this.#reading.delete(key);
    }
  }

  /** Of several reads of one product the last that was begun counts. */
  async #followProduct(productId: number): Promise<void> {
    if (!this.#loaded) this.#changedAtStart.add(`${productId}`);
    const turn = (this.#changedProducts.get(productId) ?? 0) + 1;
    this.#changedProducts.set(productId, turn);
    try {
      const product = await findProduct(this.#parts.store.reads, productId);
      if (this.#changedProducts.get(productId) !== turn) return;
      if (product?.owner.kind === 'organization') this.#organizations.set(productId, product.owner.id);
      else this.#organizations.delete(productId);
    } catch (error) {
      this.#parts.log.warn({ product: productId, error: errorMessage(error) }, 'a product could not be read again');
    } finally {
      if (this.#changedProducts.get(productId) === turn) this.#changedProducts.delete(productId);
    }
  }

  #put(key: string, cards: readonly IntegrationCard[]): void {
    if (cards.length === 0) this.#places.delete(key);
    else this.#places.set(key, cards);
  }
}

const keyOf = ({ kind, id }: IntegrationOwner) => `${kind} ${id}`;
