import type { Cloud } from '../../cloud/cloud.ts';
import { inOrganization, type Product } from './find-product.ts';

/** Every product that the caller can see, or those of an organization. @param organization id or slug @throws CliError of kind `not-found` for an unknown one */
export async function listProducts(
  cloud: Pick<Cloud, 'call'>,
  organization: string | undefined,
): Promise<readonly Product[]> {
  if (organization === undefined) return (await cloud.call('listProducts')).products;
  const call = cloud.call('listOrganizationProducts', { params: { orgIdOrSlug: organization } });
  return (await inOrganization(organization, call)).products;
}
