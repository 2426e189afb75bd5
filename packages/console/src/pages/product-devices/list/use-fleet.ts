import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { filterOf, type ProductDevicesSearch, pageQuery } from '../product-devices-search.ts';
import type { FleetDevice } from './fleet-device.ts';
import { walkPages } from './walk-pages.ts';

/** The page of devices that a search shows; the page before stays until it is read. @param product id or slug */
export function useFleet(product: string, search: ProductDevicesSearch) {
  const params = { productIdOrSlug: product };
  const query = useQuery({
    ...reading('listProductDevices', { params, query: pageQuery(search) }),
    placeholderData: keepPreviousData,
  });
  /** Reads every device that the search finds. */
  const readAll = (onProgress: (read: number, total: number) => void): Promise<FleetDevice[]> =>
    walkPages({
      // By id, so that devices which connect meanwhile don't move between pages.
      read: (page, perPage) =>
        api.call('listProductDevices', {
          params,
          query: { ...filterOf(search), sortAttr: 'deviceId', sortDir: 'asc', page, perPage },
        }),
      onProgress,
    });
  return { query, readAll };
}
