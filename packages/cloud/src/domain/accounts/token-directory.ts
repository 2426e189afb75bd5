import { type Clock, seconds } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/store.ts';
import type { UserActor } from './account-services.ts';
import { digest } from './secrets.ts';
import { findTokenOwner, type TokenOwner } from './token-store.ts';
import { tokensTopic } from './token-topic.ts';

const MOST_ENTRIES = 20_000;
const FRESH_FOR = seconds(30);

export interface KnownToken {
  readonly actor: UserActor;
  /** Wall time in ms, or null for never. */
  readonly expiresAt: number | null;
}

interface Entry extends KnownToken {
  /** Monotonic time until which the entry is believed. */
  readonly until: number;
}

/**
 * Token → account, from memory when it was asked lately. An entry is believed for 30 s, dropped at once when this process revokes the token and
 * when another one says so on the bus; so a request costs no query and a revoked token stops working.
 */
export class TokenDirectory {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #unsubscribe: () => void;
  /** Counts revocations, so that a look-up that began before one does not put a revoked token back. */
  #revocations = 0;

  constructor(store: Store, clock: Clock, bus: Bus) {
    this.#store = store;
    this.#clock = clock;
    this.#unsubscribe = bus.subscribe(tokensTopic, ({ tokenIds }) => this.forget(tokenIds));
  }

  /** @returns whose token it is, expired or not, or undefined when it is unknown or revoked. */
  async find(token: string): Promise<KnownToken | undefined> {
    const hash = digest(token);
    const cached = this.#entries.get(hash);
    if (cached !== undefined && cached.until > this.#clock.monotonic()) return cached;
    const before = this.#revocations;
    const owner = await findTokenOwner(this.#store.db, hash);
    if (owner === undefined) {
      this.#entries.delete(hash);
      return undefined;
    }
    const entry = { ...knownToken(owner), until: this.#clock.monotonic() + FRESH_FOR };
    if (before === this.#revocations) this.#keep(hash, entry);
    return entry;
  }

  /** Drops what is remembered of these access tokens, by their ids. */
  forget(tokenIds: readonly string[]): void {
    this.#revocations++;
    const gone = new Set(tokenIds);
    for (const [hash, { actor }] of this.#entries) if (gone.has(actor.tokenId)) this.#entries.delete(hash);
  }

  /** Stops listening to the bus. */
  close(): void {
    this.#unsubscribe();
    this.#entries.clear();
  }

  #keep(hash: string, entry: Entry): void {
    this.#entries.delete(hash);
    this.#entries.set(hash, entry);
    if (this.#entries.size > MOST_ENTRIES) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }
}

function knownToken(owner: TokenOwner): KnownToken {
  return {
    actor: {
      kind: 'user',
      userId: owner.user_id,
      username: owner.username,
      tokenId: owner.id,
      operator: owner.operator === 1,
    },
    expiresAt: owner.expires_at,
  };
}
