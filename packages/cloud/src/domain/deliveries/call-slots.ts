/** Attempts at once. */
export interface CallLimits {
  readonly total: number;
  /** To hosts that have not answered well of late, all together. */
  readonly unproven: number;
  readonly perHost: number;
  /** Of one owner to one host, so that nobody keeps others from a host. */
  readonly perOwnerAtHost: number;
  readonly perOwner: number;
  readonly perIntegration: number;
}

/** The outbound client sends no more than 16 requests at once to an origin, and 256 in all. */
export const defaultCallLimits: CallLimits = {
  total: 128,
  unproven: 64,
  perHost: 16,
  perOwnerAtHost: 12,
  perOwner: 32,
  perIntegration: 12,
};

export interface CallPlace {
  readonly integrationId: string;
  readonly owner: string;
  readonly host: string;
  /** Has the host answered well of late? */
  readonly proven: boolean;
}

/** How many attempts are under way, and where: hosts that are slow or dead must leave room for the others. */
export class CallSlots {
  readonly #limits: CallLimits;
  readonly #held = new Map<string, number>();

  constructor(limits: CallLimits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#count('total');
  }

  /** Is there no room for anybody? */
  get full(): boolean {
    return this.#count('total') >= this.#limits.total;
  }

  /** @returns what gives the slot back, to be called once; undefined when there is no room now. */
  take(place: CallPlace): (() => void) | undefined {
    const bounds = this.#boundsOf(place);
    if (bounds.some(([key, most]) => this.#count(key) >= most)) return undefined;
    for (const [key] of bounds) this.#held.set(key, this.#count(key) + 1);
    return () => {
      for (const [key] of bounds) this.#release(key);
    };
  }

  #boundsOf({ integrationId, owner, host, proven }: CallPlace): (readonly [key: string, most: number])[] {
    const { total, unproven, perHost, perOwnerAtHost, perOwner, perIntegration } = this.#limits;
    return [
      ['total', total],
      ...(proven ? [] : [['unproven', unproven] as const]),
      [`host ${host}`, perHost],
      [`owner ${owner} ${host}`, perOwnerAtHost],
      [`owner ${owner}`, perOwner],
      [`integration ${integrationId}`, perIntegration],
    ];
  }

  #count(key: string): number {
    return this.#held.get(key) ?? 0;
  }

  #release(key: string): void {
    const left = this.#count(key) - 1;
    if (left > 0) this.#held.set(key, left);
    else this.#held.delete(key);
  }
}
