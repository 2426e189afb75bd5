export interface ProductsSearch {
  /** What names, ids and descriptions are searched for. */
  readonly q?: string;
  /** Whether the dialog for a new product is open. */
  readonly new?: true;
}

/** What the address of the list of products says. */
export function productsSearch(search: Record<string, unknown>): ProductsSearch {
  return {
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q }),
    ...(typeof search.q === 'number' && { q: String(search.q) }),
    ...(search.new === true && { new: true }),
  };
}
