import type { Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { usageError } from '../../failure/cli-error.ts';
import { inProduct } from './find-product.ts';

export type Customer = Output<'listCustomers'>['customers'][number];

interface CustomerPages {
  /** From 1; the first when left out. */
  readonly page: number | undefined;
  /** 1 to 100; 25 when left out, 100 for all pages. */
  readonly perPage: number | undefined;
  readonly all: boolean;
}

/** Pages of the customers of a product, by username, each as it comes. @param product id or slug @throws CliError of kind `usage` for a page of all */
export async function* listCustomers(
  cloud: Pick<Cloud, 'call'>,
  product: string,
  { all, ...asked }: CustomerPages,
): AsyncGenerator<{ readonly customers: readonly Customer[]; readonly pages: number }> {
  if (all && asked.page !== undefined) throw usageError('--all and --page exclude each other');
  const perPage = asked.perPage ?? (all ? 100 : 25);
  for (let page = asked.page ?? 1; ; page += 1) {
    const call = cloud.call('listCustomers', { params: { productIdOrSlug: product }, query: { page, perPage } });
    const { customers, meta } = await inProduct(product, call);
    yield { customers, pages: meta.total_pages };
    if (!all || page >= meta.total_pages) return;
  }
}
