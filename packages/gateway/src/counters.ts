/** Counts by name and label, for metrics: `refused{reason="key_mismatch"}`. Labels come from a closed set in our code, never from a peer. */
export class Counters {
  readonly #counts = new Map<string, Map<string, number>>();

  add(name: string, label = '', by = 1): void {
    let labels = this.#counts.get(name);
    if (labels === undefined) {
      labels = new Map();
      this.#counts.set(name, labels);
    }
    labels.set(label, (labels.get(label) ?? 0) + by);
  }

  get(name: string, label = ''): number {
    return this.#counts.get(name)?.get(label) ?? 0;
  }

  /** Every count so far as [name, label, count]. */
  *entries(): Generator<[name: string, label: string, count: number]> {
    for (const [name, labels] of this.#counts) {
      for (const [label, count] of labels) yield [name, label, count];
    }
  }
}
