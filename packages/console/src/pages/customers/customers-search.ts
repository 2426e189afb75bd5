export interface CustomersSearch {
  /** From 1; the first when left out. */
  readonly page?: number;
}

/** @returns what the address of the customers' page says */
export function customersSearch(search: Record<string, unknown>): CustomersSearch {
  const page = Number(search.page);
  return Number.isInteger(page) && page > 1 ? { page } : {};
}
