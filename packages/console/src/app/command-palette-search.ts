import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { reading } from '../data/query.ts';
import { messageOf } from '../ui/toasts.tsx';

interface Hit {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly href: string;
}

export interface PaletteSearch {
  readonly found: { readonly devices: readonly Hit[]; readonly products: readonly Hit[] };
  readonly isSearching: boolean;
  /** Why the cloud could not be searched. */
  readonly error: string | undefined;
}

const MOST_CHARACTERS = 100;

/** Searches devices and products that the person can see. @param text nothing is searched without one */
export function usePaletteSearch(text: string): PaletteSearch {
  const search = useQuery({
    ...reading('searchAccount', { query: { text: text.slice(0, MOST_CHARACTERS), type: ['device', 'product'] } }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });
  const visible = useQuery({ ...reading('listProducts'), staleTime: 60_000 }).data?.products;
  const results = text === '' ? [] : (search.data?.results ?? []);
  const productIds = new Set(visible?.map(({ id }) => id));
  return {
    found: {
      devices: results.flatMap((one) => {
        if (one.type !== 'device') return [];
        const { id, name, product_id: product } = one.device;
        const base = productIds.has(product) ? `/products/${product}` : '';
        return [{ id: `device-${id}`, label: name ?? id, detail: id, href: `${base}/devices/${id}` }];
      }),
      products: results.flatMap((one) => {
        if (one.type !== 'product') return [];
        const { id, slug, name } = one.product;
        const detail = one.orgName === null ? `Product ${id}` : `Product ${id} of ${one.orgName}`;
        return [{ id: `product-${id}`, label: name, detail, href: `/products/${slug}` }];
      }),
    },
    isSearching: text !== '' && search.isFetching,
    error: search.isError ? messageOf(search.error) : undefined,
  };
}
