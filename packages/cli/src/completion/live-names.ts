import type { Cloud } from '../cloud/cloud.ts';
import type { Completion } from '../program/parameters.ts';
import type { Candidate, Position } from './position.ts';

/** More would fill the screen, and the next letter asks again. */
const MOST = 500;

/** Names of the cloud for a place of the command line. @throws Error when it does not say */
export async function liveNames(
  cloud: Pick<Cloud, 'call'>,
  { live, product, prefix }: Pick<Position, 'live' | 'product' | 'prefix'>,
): Promise<readonly Candidate[]> {
  const names = await namesOf(cloud, live, { product, prefix });
  return names.filter(({ value }) => value !== '').slice(0, MOST);
}

async function namesOf(
  cloud: Pick<Cloud, 'call'>,
  live: Completion | undefined,
  { product, prefix }: { readonly product: string | undefined; readonly prefix: string },
): Promise<readonly Candidate[]> {
  switch (live) {
    case 'device': {
      if (product === undefined) {
        const devices = await cloud.call('listDevices');
        return either(
          devices.map(({ id, name }) => ({ id, name })),
          prefix,
        );
      }
      const search = prefix === '' ? {} : { search: prefix };
      const { devices } = await cloud.call('listProductDevices', {
        params: { productIdOrSlug: product },
        query: { perPage: MOST, ...search },
      });
      return either(
        devices.map(({ id, name }) => ({ id, name })),
        prefix,
      );
    }
    case 'product': {
      const { products } = await cloud.call('listProducts');
      return products.map(({ slug, name }) => ({ value: slug, says: name }));
    }
    case 'organization': {
      const { organizations } = await cloud.call('listOrganizations');
      return organizations.map(({ slug, name }) => ({ value: slug, says: name }));
    }
    case 'integration': {
      const integrations =
        product === undefined
          ? await cloud.call('listIntegrations')
          : await cloud.call('listProductIntegrations', { params: { productIdOrSlug: product } });
      return integrations.map(({ id, event }) => ({ value: id, says: event ?? '' }));
    }
    default:
      return [];
  }
}

/** Names; ids of devices without one, and where an id is being typed. */
function either(
  devices: ReadonlyArray<{ readonly id: string; readonly name?: string | null | undefined }>,
  prefix: string,
): readonly Candidate[] {
  return devices.flatMap(({ id, name }) => {
    const known = name === undefined || name === null || name === '' ? [] : [{ value: name, says: id }];
    const wantsId = known.length === 0 || (prefix !== '' && id.startsWith(prefix.toLowerCase()));
    return [...known, ...(wantsId ? [{ value: id, says: name ?? 'a device' }] : [])];
  });
}
