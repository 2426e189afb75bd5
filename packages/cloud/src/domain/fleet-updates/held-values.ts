/** Values that are dear to make and large: the few that were used last are held, others as long as somebody else holds them. */
export class HeldValues<Value extends object> {
  readonly #most: number;
  readonly #held = new Map<string, Value>();
  readonly #seen = new Map<string, WeakRef<Value>>();
  readonly #making = new Map<string, Promise<Value>>();

  /** @param most how many are held */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value, made by `make` when it has to be; who asks meanwhile gets the same. Rejects as `make` does, and keeps nothing then. */
  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#held.get(key) ?? this.#seen.get(key)?.deref();
    const making = known ?? this.#making.get(key) ?? this.#make(key, make);
    const value = await making;
    this.#held.delete(key);
    this.#held.set(key, value);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#most) break;
      this.#held.delete(oldest);
    }
    return value;
  }

  #make(key: string, make: () => Promise<Value>): Promise<Value> {
    const making = make().finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making.then((value) => {
      for (const [other, reference] of this.#seen) if (reference.deref() === undefined) this.#seen.delete(other);
      this.#seen.set(key, new WeakRef(value));
      return value;
    });
  }
}
