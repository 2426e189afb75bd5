import { useQueries, useQuery } from '@tanstack/react-query';
import type { Place } from '../../data/place.ts';
import { SANDBOX } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { type DoubleTrigger, doubleTriggers, type TriggerPlace } from './double-triggers.ts';
import { type Integration, integrationsQuery } from './integration-operations.ts';

/** Lists of so many other places are read at most. */
const MOST_PLACES = 20;

/**
 * Integrations of other places that fire for the same events as those of this place, as far as the person may see them.
 * @param integrations those of this place; nothing is looked up while there is none
 * @returns by id of the integration here
 */
export function useDoubleTriggers(
  place: Place,
  integrations: readonly Integration[],
): ReadonlyMap<string, readonly DoubleTrigger[]> {
  const enabled = integrations.some(({ disabled }) => !disabled);
  const devices = useQuery({ ...reading('listDevices'), enabled });
  const products = useQuery({ ...reading('listProducts'), enabled });
  const places = candidates(place, devices.data ?? [], products.data?.products ?? []);
  const [here, ...others] = places;
  const lists = useQueries({
    queries: others.slice(0, MOST_PLACES).map((other) => ({
      ...integrationsQuery(other.place),
      enabled: enabled && devices.data !== undefined && products.data !== undefined,
    })),
  });
  if (here === undefined) return new Map();
  return doubleTriggers(
    { ...here, integrations },
    others.slice(0, MOST_PLACES).map((other, at) => ({ ...other, integrations: lists[at]?.data ?? [] })),
  );
}

interface KnownProduct {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly org: string | null;
}
interface KnownDevice {
  readonly id: string;
  readonly product_id: number;
}
type Candidate = Omit<TriggerPlace, 'integrations'>;

/** @returns this place, then those whose integrations can hear the same devices; nothing when this place is not known */
function candidates(
  place: Place,
  devices: readonly KnownDevice[],
  products: readonly KnownProduct[],
): readonly Candidate[] {
  const own = new Map(devices.map(({ id, product_id: product }) => [id, product]));
  const ownProducts = new Set(own.values());
  const sandbox: Candidate = { place: SANDBOX, label: 'your sandbox', hears: own };
  const ofProduct = ({ id, slug, name }: KnownProduct): Candidate => ({
    place: { kind: 'product', product: slug },
    label: `product ${name}`,
    hears: new Set([id]),
  });
  const ofOrganization = (slug: string): Candidate => ({
    place: { kind: 'organization', organization: slug },
    label: `organization ${slug}`,
    hears: new Set(products.filter(({ org }) => org === slug).map(({ id }) => id)),
  });
  if (place.kind === 'sandbox') {
    const known = products.filter(({ id }) => ownProducts.has(id));
    const organizations = new Set(known.flatMap(({ org }) => (org === null ? [] : [org])));
    return [sandbox, ...known.map(ofProduct), ...[...organizations].map(ofOrganization)];
  }
  if (place.kind === 'product') {
    const here = products.find(({ id, slug }) => place.product === slug || place.product === String(id));
    if (here === undefined) return [];
    const organization = here.org === null ? [] : [ofOrganization(here.org)];
    return [ofProduct(here), ...(ownProducts.has(here.id) ? [sandbox] : []), ...organization];
  }
  const here = ofOrganization(place.organization);
  const inside = products.filter(({ org }) => org === place.organization);
  return [here, sandbox, ...inside.map(ofProduct)];
}
