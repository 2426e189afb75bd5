import type { Context } from '../../program/context.ts';
import { shellWord } from './device-text.ts';
import type { Device } from './find-device.ts';

interface Wanted {
  /** `online`, `offline`, the name of a platform such as `boron`, an id or a name; letters of any case. */
  readonly filter?: string | undefined;
  readonly product?: string | undefined;
}

/** As many as one request gives. */
const PAGE = 1000;

/**
 * Own devices or those of a product, the one that connected last first, with the functions and variables that each described: in one request, unless a product
 * has more than 1000 devices, or the filter is the name of a platform.
 */
export async function listDevices(
  { cloud }: Pick<Context, 'cloud'>,
  { filter, product }: Wanted = {},
): Promise<readonly Device[]> {
  const devices = product === undefined ? await cloud.call('listDevices') : await devicesOf(cloud, product);
  const wanted = filter?.trim().toLowerCase();
  if (wanted === undefined || wanted === '') return devices;
  if (wanted === 'online' || wanted === 'offline')
    return devices.filter(({ online }) => online === (wanted === 'online'));
  const named = devices.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (named.length > 0 || devices.length === 0) return named;
  const { platforms } = await cloud.call('listPlatforms');
  const platform = platforms.find(({ name }) => name === wanted);
  return platform === undefined ? [] : devices.filter(({ platform_id }) => platform_id === platform.id);
}

async function devicesOf(cloud: Context['cloud'], product: string): Promise<readonly Device[]> {
  const { inProduct } = await import('../products/find-product.ts');
  const page = (number: number) =>
    inProduct(
      product,
      cloud.call('listProductDevices', {
        params: { productIdOrSlug: product },
        query: { per_page: PAGE, page: number },
      }),
    );
  const { devices, meta } = await page(1);
  const all = [...devices];
  for (let number = 2; number <= meta.total_pages; number += 1) all.push(...(await page(number)).devices);
  return all;
}

/** What to tell when a list is empty: what would fill it. */
export function emptyText({ filter, product }: Wanted): string {
  if (filter !== undefined) {
    const list = product === undefined ? 'chamber list' : `chamber list --product ${shellWord(product)}`;
    if (/^o(n|ff)line$/i.test(filter)) return `None of your devices is ${filter.toLowerCase()}. "${list}" shows all.`;
    return `No device has the id or name ${shellWord(filter)}, and no platform is called so. "${list}" shows all.`;
  }
  if (product !== undefined) {
    return `The product has no devices yet. Add one with "chamber product device add ${shellWord(product)} <device-id>".`;
  }
  return 'You have no devices yet. Add one that is connected with "chamber device add <device-id>"; "chamber virtual --help" tells how to run one without hardware.';
}
