import { findPlatform } from '@cloudchamber/wire';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import type { Product } from './find-product.ts';

const platformOf = ({ platform_id: id }: Product): string => findPlatform(id)?.displayName ?? `platform ${id}`;

/** A line for each product. */
export function productLines(products: readonly Product[]): string[] {
  const rows = products.map((product) => [
    String(product.id),
    printable(product.slug),
    printable(product.name),
    platformOf(product),
    printable(product.org ?? ''),
  ]);
  return rows.length === 0 ? ['No products'] : tableOf(['Id', 'Slug', 'Name', 'Platform', 'Organization'], rows);
}

const UNKNOWN_DEVICES = {
  approve: 'join the product',
  quarantine: 'are quarantined until somebody approves them',
  refuse: 'are refused',
} as const;

/** Everything about one. @param facts what the product itself does not say */
export function productDetails(
  product: Product,
  facts: { readonly role?: string | null; readonly devices?: number },
): string[] {
  const { settings, description, groups } = product;
  const lines: readonly (readonly [label: string, value: string])[] = [
    ['Id', String(product.id)],
    ['Slug', product.slug],
    ['Description', description],
    ['Platform', platformOf(product)],
    ['Organization', product.org ?? ''],
    ['Your role', facts.role ?? ''],
    ['Devices', facts.devices === undefined ? '' : String(facts.devices)],
    ['Groups', groups.join(', ')],
    ['Unknown devices', UNKNOWN_DEVICES[settings.unknown_devices]],
    ['Locations', settings.location.opt_in ? 'are kept' : 'are not kept'],
  ];
  const shown = lines.filter(([, value]) => value !== '');
  const width = Math.max(...shown.map(([label]) => label.length)) + 1;
  return [
    printable(product.name),
    ...shown.map(([label, value]) => `  ${`${label}:`.padEnd(width)} ${printable(value)}`),
  ];
}
