const SORTS = ['deviceName', 'deviceId', 'firmwareVersion', 'lastConnection'] as const;
export type FleetSort = (typeof SORTS)[number];

export const PAGE_SIZES = [25, 100, 500] as const;
type PageSize = (typeof PAGE_SIZES)[number];
const USUAL_SIZE = 100;

/** What the address of a product's devices says. */
export interface ProductDevicesSearch {
  /** The quarantine instead of the members. */
  readonly tab?: 'quarantine';
  /** Part of the name, the id or the serial number. */
  readonly q?: string;
  /** Names of groups, separated by commas. */
  readonly groups?: string;
  readonly online?: 'yes' | 'no';
  /** A version of the firmware, or `none`. */
  readonly version?: number | 'none';
  readonly development?: 'yes' | 'no';
  /** By the last connection, the newest first, when left out. */
  readonly sort?: FleetSort;
  readonly dir?: 'asc' | 'desc';
  /** From 1. */
  readonly page?: number;
  readonly size?: PageSize;
  /** The dialog that imports is open. */
  readonly import?: true;
}

/** @param search of the address; what makes no sense is left out */
export function productDevicesSearch(search: Record<string, unknown>): ProductDevicesSearch {
  const { tab, online, version, development, dir } = search;
  const q = textOf(search.q);
  const groups = textOf(search.groups);
  const sort = SORTS.find((one) => one === search.sort);
  const size = PAGE_SIZES.find((one) => one === Number(search.size));
  const page = Number(search.page);
  return {
    ...(tab === 'quarantine' && { tab }),
    ...(q !== '' && { q }),
    ...(groups !== '' && { groups }),
    ...((online === 'yes' || online === 'no') && { online }),
    ...((version === 'none' || isVersion(version)) && { version }),
    ...((development === 'yes' || development === 'no') && { development }),
    ...(sort !== undefined && { sort }),
    ...(sort !== undefined && (dir === 'asc' || dir === 'desc') && { dir }),
    ...(Number.isSafeInteger(page) && page > 1 && { page }),
    ...(size !== undefined && size !== USUAL_SIZE && { size }),
    ...(search.import === true && { import: true as const }),
  };
}

/** A search for digits comes as a number. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

/** What of a search chooses devices, without the page and its size. */
export function filterOf({ tab, q, groups, online, version, development, sort, dir }: ProductDevicesSearch) {
  return {
    quarantined: tab === 'quarantine',
    ...(q !== undefined && { search: q }),
    ...(groups !== undefined && { groups: groups.split(',') }),
    ...(online !== undefined && { online: online === 'yes' }),
    ...(version !== undefined && { firmwareVersion: version }),
    ...(development !== undefined && { development: development === 'yes' }),
    ...(sort !== undefined && { sortAttr: sort }),
    ...(dir !== undefined && { sortDir: dir }),
  };
}

/** @returns the query of the page that a search shows */
export function pageQuery(search: ProductDevicesSearch) {
  return { ...filterOf(search), page: search.page ?? 1, perPage: search.size ?? USUAL_SIZE };
}

/** Whether the search leaves out any device of its tab. */
export function isFiltered({ q, groups, online, version, development }: ProductDevicesSearch): boolean {
  return [q, groups, online, version, development].some((one) => one !== undefined);
}
