import { DomainError } from '../domain/domain-error.ts';

/** How many may be under way at once. */
export interface SlotLimits {
  readonly each: number;
  readonly all: number;
}

/** Counts what is under way by caller and altogether, so that nobody keeps the server busy alone. */
export class RequestSlots {
  readonly #what: string;
  readonly #limits: SlotLimits;
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** @param what in the plural, for people */
  constructor(what: string, limits: SlotLimits) {
    this.#what = what;
    this.#limits = limits;
  }

  /** @returns what gives the slot back; calling it twice is harmless. @throws DomainError `too_many_requests` when there is none left */
  take(subject: string): () => void {
    const taken = this.#taken.get(subject) ?? 0;
    if (taken >= this.#limits.each) {
      throw tooMany(`You have ${taken} ${this.#what} under way, which is the most; try again when one has ended`);
    }
    if (this.#all >= this.#limits.all) throw tooMany(`The server has too many ${this.#what} under way; try again`);
    this.#taken.set(subject, taken + 1);
    this.#all++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#all--;
      const left = (this.#taken.get(subject) ?? 1) - 1;
      if (left > 0) this.#taken.set(subject, left);
      else this.#taken.delete(subject);
    };
  }
}

function tooMany(text: string): DomainError {
  return new DomainError('limit_exceeded', 'too_many_requests', text, { retryAfterSeconds: 1 });
}
