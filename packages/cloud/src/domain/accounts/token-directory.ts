import { type Clock, seconds } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/store.ts';
import type { TokenActor } from '../context.ts';
import { digest } from './secrets.ts';
import { findTokenActor, subjectIdOf } from './token-actor.ts';
import { findTokenByHash } from './token-store.ts';
import { subjectsTopic, tokensTopic } from './token-topic.ts';

const MOST_ENTRIES = 20_000;
const FRESH_FOR = seconds(30);

export interface KnownToken {
  readonly actor: TokenActor;
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
    const unsubscribe = [
      bus.subscribe(tokensTopic, ({ tokenIds }) => this.forget(tokenIds)),
      bus.subscribe(subjectsTopic, ({ subjectId }) => this.forgetSubject(subjectId)),
    ];
    this.#unsubscribe = () => {
      for (const end of unsubscribe) end();
    };
  }

  /** @returns whose token it is, expired or not, or undefined when it is unknown or revoked. */
  async find(presented: string): Promise<KnownToken | undefined> {
    const hash = digest(presented);
    const cached = this.#entries.get(hash);
    if (cached !== undefined && cached.until > this.#clock.monotonic()) return cached;
    const before = this.#revocations;
    const token = await findTokenByHash(this.#store.reads, hash);
    const actor = token && (await findTokenActor(this.#store.reads, token));
    if (token === undefined || actor === undefined) {
      this.#entries.delete(hash);
      return undefined;
    }
    const entry = { actor, expiresAt: token.expires_at, until: this.#clock.monotonic() + FRESH_FOR };
    if (before === this.#revocations) this.#keep(hash, entry);
    return entry;
  }

  /** Drops what is remembered of these access tokens, by their ids. */
  forget(tokenIds: readonly string[]): void {
    this.#revocations++;
    const gone = new Set(tokenIds);
    for (const [hash, { actor }] of this.#entries) if (gone.has(actor.tokenId)) this.#entries.delete(hash);
  }

  /** Drops what is remembered of whoever this is: its tokens work on, and are looked up anew. */
  forgetSubject(subjectId: string): void {
    this.#revocations++;
    for (const [hash, { actor }] of this.#entries) if (subjectIdOf(actor) === subjectId) this.#entries.delete(hash);
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
