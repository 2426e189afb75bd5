import type { Cloud } from '../../cloud/cloud.ts';
import { inOrganization, type Product } from './find-product.ts';

interface NewProduct {
  readonly name: string;
  readonly platformId: number;
  readonly description: string | undefined;
  readonly unknownDevices: Product['settings']['unknown_devices'] | undefined;
  /** Id or slug of the organization that gets it; the caller himself, when left out. */
  readonly org: string | undefined;
}

/** Makes a product. @throws CliError of kind `not-found` for an unknown organization */
export async function createProduct(
  cloud: Pick<Cloud, 'call'>,
  { name, platformId, description, unknownDevices, org }: NewProduct,
): Promise<Product> {
  const body = {
    name,
    platform_id: platformId,
    ...(description !== undefined && { description }),
    ...(unknownDevices !== undefined && { settings: { unknown_devices: unknownDevices } }),
  };
  if (org === undefined) return (await cloud.call('createProduct', { body })).product;
  const call = cloud.call('createOrganizationProduct', { params: { orgIdOrSlug: org }, body });
  return (await inOrganization(org, call)).product;
}
