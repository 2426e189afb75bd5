import type { Output } from '@cloudchamber/contract';
import { type Platform, typeName } from '../../../components/device-type/type-name.ts';
import { type CountsIn, countsIn, type Product } from './counts-in.ts';
import { isInProduct } from './is-in-product.ts';

export type Device = Output<'listDevices'>[number];

/** A device of the list with the names of what it belongs to. */
export interface DeviceRow {
  readonly device: Device;
  /** Such as "Boron". */
  readonly type: string;
  /** The product that it is in, as far as this account can see it; null for none. */
  readonly product: { readonly id: number; readonly name: string; readonly visible: boolean } | null;
  readonly counts: CountsIn;
}

export interface RowSources {
  readonly devices: readonly Device[];
  readonly platforms: ReadonlyMap<number, Platform> | undefined;
  /** Those that the account can see; undefined until they are known. */
  readonly products: readonly Product[] | undefined;
  /** Of the account. */
  readonly userId: string;
}

/** @returns a row for each device, in the same order */
export function deviceRows({ devices, platforms, products, userId }: RowSources): DeviceRow[] {
  const byId = new Map(products?.map((one) => [one.id, one]));
  return devices.map((device) => {
    const type = typeName(platforms, device.platform_id);
    if (!isInProduct(device)) return { device, type, product: null, counts: { kind: 'sandbox' } };
    const product = byId.get(device.product_id);
    return {
      device,
      type,
      product: {
        id: device.product_id,
        name: product?.name ?? `Product ${device.product_id}`,
        visible: product !== undefined,
      },
      counts: countsIn(product, userId),
    };
  });
}
