const SORT_KEYS = ['online', 'name', 'id', 'type', 'product', 'connected', 'heard'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

const ADD_KINDS = ['virtual', 'udp', 'tcp', 'claim'] as const;
/** The tabs of the dialog that adds a device. */
export type AddKind = (typeof ADD_KINDS)[number];

/** What the address of the list of devices says. */
export interface DevicesSearch {
  /** What the list is searched for. */
  readonly q?: string;
  /** Sorted by the last connection, the newest first, when left out. */
  readonly sort?: SortKey;
  readonly dir?: 'desc';
  /** The dialog that adds a device is open, at this tab. */
  readonly add?: AddKind;
}

/** @param search of the address; what makes no sense is left out */
export function devicesSearch(search: Record<string, unknown>): DevicesSearch {
  const sort = SORT_KEYS.find((key) => key === search.sort);
  const add = ADD_KINDS.find((kind) => kind === search.add);
  // A search for digits comes as a number.
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q) : '';
  return {
    ...(q !== '' && { q }),
    ...(sort && { sort }),
    ...(sort && search.dir === 'desc' && { dir: 'desc' as const }),
    ...(add && { add }),
  };
}
