import type { Input, Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { usageError } from '../../failure/cli-error.ts';
import { inProduct } from './find-product.ts';

const PER_PAGE = 25;
const MOST_PER_PAGE = 1000;

export type ProductDevice = Output<'listProductDevices'>['devices'][number];

/** Which devices of a product. */
export type DeviceFilter = Pick<
  NonNullable<Input<'listProductDevices'>['query']>,
  'groups' | 'deviceName' | 'serialNumber' | 'search' | 'online' | 'quarantined' | 'development' | 'firmwareVersion'
>;

export interface DevicePages {
  readonly filter: DeviceFilter;
  /** From 1; the first when left out. */
  readonly page?: number | undefined;
  /** 1 to 1000; 25 when left out, 1000 for all pages. */
  readonly perPage?: number | undefined;
  /** Every page from the first on. */
  readonly all: boolean;
}

export interface DevicePage {
  readonly devices: readonly ProductDevice[];
  readonly page: number;
  readonly pages: number;
  /** Devices on all pages. */
  readonly total: number;
}

/**
 * Pages of a product's devices, each as it comes (CLI-80). One page has the newest connections first; all pages come by id, because devices that connect meanwhile
 * would move from page to page.
 * @param product id or slug @throws CliError of kind `usage` for a page of all, `not-found` for an unknown product
 */
export async function* listProductDevices(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  { filter, all, ...asked }: DevicePages,
): AsyncGenerator<DevicePage> {
  if (all && asked.page !== undefined) throw usageError('--all and --page exclude each other');
  const perPage = asked.perPage ?? (all ? MOST_PER_PAGE : PER_PAGE);
  const order = all ? ({ sortAttr: 'deviceId', sortDir: 'asc' } as const) : {};
  for (let page = asked.page ?? 1; ; page += 1) {
    const query = { ...filter, ...order, page, perPage };
    const call = cloud.call('listProductDevices', { params: { productIdOrSlug: product }, query });
    const { devices, meta } = await inProduct(product, call);
    yield { devices, page, pages: meta.total_pages, total: meta.total };
    if (!all || page >= meta.total_pages) return;
  }
}
