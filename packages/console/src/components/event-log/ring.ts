/** A list that holds so many and no more: a new one pushes the oldest out. Nothing is moved or allocated for that. */
export class Ring<T> {
  readonly #capacity: number;
  #slots: (T | undefined)[] = [];
  #start = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** @param index 0 is the oldest */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    return this.#slots[(this.#start + index) % this.#capacity];
  }

  /** @returns what had to go for it */
  push(value: T): T | undefined {
    const gone = this.#size === this.#capacity ? this.shift() : undefined;
    this.#slots[(this.#start + this.#size) % this.#capacity] = value;
    this.#size += 1;
    return gone;
  }

  /** Takes the oldest out. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#slots[this.#start];
    this.#slots[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.#capacity;
    this.#size -= 1;
    return value;
  }

  clear(): void {
    this.#slots = [];
    this.#start = 0;
    this.#size = 0;
  }

  /** From the oldest on. */
  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.#size; index += 1) {
      const value = this.at(index);
      if (value !== undefined) yield value;
    }
  }
}
