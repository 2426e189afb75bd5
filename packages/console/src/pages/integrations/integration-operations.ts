import type { Input, OperationName, Output } from '@cloudchamber/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';
import type { Settings } from './settings/settings.ts';

export type Integration = Output<'listIntegrations'>[number];
export type IntegrationDetails = Output<'getIntegration'>['integration'];
export type NewIntegration = Output<'createIntegration'>;
export type TestResult = Output<'testIntegration'>;
type DeliveryPage = Output<'listDeliveries'>;
export type Delivery = DeliveryPage['deliveries'][number];
type DeliveryQuery = NonNullable<Input<'listDeliveries'>['query']>;
export type ReplayRange = Exclude<Input<'replayDeliveries'>['body'], FormData | undefined>;
export type Replayed = Output<'replayDeliveries'>;
type TestBody = Exclude<Input<'testIntegration'>['body'], FormData | undefined>;

/** What reads the list of a place, with how each one is doing. */
export function integrationsQuery(place: Place) {
  return queryOptions<readonly Integration[]>({
    queryKey: ['listIntegrations', place],
    queryFn: ({ signal }) => {
      const query = { summary: true };
      if (place.kind === 'product')
        return api.callWith(signal, 'listProductIntegrations', { ...ofProduct(place), query });
      if (place.kind === 'organization')
        return api.callWith(signal, 'listOrganizationIntegrations', { ...ofOrg(place), query });
      return api.callWith(signal, 'listIntegrations', { params: {}, query });
    },
  });
}

/** What reads one integration, with its counters and logs. */
export function integrationQuery(place: Place, id: string) {
  return queryOptions<IntegrationDetails>({
    queryKey: ['getIntegration', place, id],
    queryFn: async ({ signal }) => {
      const more = { integrationId: id };
      if (place.kind === 'product') {
        return (await api.callWith(signal, 'getProductIntegration', ofProduct(place, more))).integration;
      }
      if (place.kind === 'organization') {
        return (await api.callWith(signal, 'getOrganizationIntegration', ofOrg(place, more))).integration;
      }
      return (await api.callWith(signal, 'getIntegration', { params: more })).integration;
    },
  });
}

/** Reads a page of what waits for an integration, or failed. The key of its query begins with `listDeliveries` and the place. */
export function readDeliveries(
  signal: AbortSignal,
  place: Place,
  integrationId: string,
  query: DeliveryQuery,
): Promise<DeliveryPage> {
  const more = { integrationId };
  if (place.kind === 'product') {
    return api.callWith(signal, 'listProductDeliveries', { ...ofProduct(place, more), query });
  }
  if (place.kind === 'organization') {
    return api.callWith(signal, 'listOrganizationDeliveries', { ...ofOrg(place, more), query });
  }
  return api.callWith(signal, 'listDeliveries', { params: more, query });
}

/** What a change of integrations makes stale: the keys of what is read above, whatever the place. */
export const CHANGES: readonly OperationName[] = ['listIntegrations', 'getIntegration', 'listDeliveries'];

/** What can be changed in a place. Each refuses as its operation does. */
export function integrationOperations(place: Place) {
  return {
    create(body: Settings): Promise<NewIntegration> {
      if (place.kind === 'product') return api.call('createProductIntegration', { ...ofProduct(place), body });
      if (place.kind === 'organization') return api.call('createOrganizationIntegration', { ...ofOrg(place), body });
      return api.call('createIntegration', { params: {}, body });
    },
    /** Replaces all settings. */
    async update(integrationId: string, body: Settings): Promise<Integration> {
      const more = { integrationId };
      if (place.kind === 'product') {
        return (await api.call('updateProductIntegration', { ...ofProduct(place, more), body })).integration;
      }
      if (place.kind === 'organization') {
        return (await api.call('updateOrganizationIntegration', { ...ofOrg(place, more), body })).integration;
      }
      return (await api.call('updateIntegration', { params: more, body })).integration;
    },
    async remove(integrationId: string): Promise<void> {
      const more = { integrationId };
      if (place.kind === 'product') await api.call('deleteProductIntegration', ofProduct(place, more));
      else if (place.kind === 'organization') await api.call('deleteOrganizationIntegration', ofOrg(place, more));
      else await api.call('deleteIntegration', { params: more });
    },
    test(integrationId: string, body: TestBody): Promise<TestResult> {
      const more = { integrationId };
      if (place.kind === 'product') {
        return api.call('testProductIntegration', { ...ofProduct(place, more), body });
      }
      if (place.kind === 'organization') {
        return api.call('testOrganizationIntegration', { ...ofOrg(place, more), body });
      }
      return api.call('testIntegration', { params: more, body });
    },
    /** Attempts a delivery at once. */
    async replayOne(integrationId: string, deliveryId: string): Promise<void> {
      const more = { integrationId, deliveryId };
      if (place.kind === 'product') await api.call('replayProductDelivery', ofProduct(place, more));
      else if (place.kind === 'organization') await api.call('replayOrganizationDelivery', ofOrg(place, more));
      else await api.call('replayDelivery', { params: more });
    },
    /** Attempts failed deliveries again, or delivers past events. */
    replay(integrationId: string, body: ReplayRange): Promise<Replayed> {
      const more = { integrationId };
      if (place.kind === 'product') return api.call('replayProductDeliveries', { ...ofProduct(place, more), body });
      if (place.kind === 'organization') {
        return api.call('replayOrganizationDeliveries', { ...ofOrg(place, more), body });
      }
      return api.call('replayDeliveries', { params: more, body });
    },
    /** Gives a delivery up for good. */
    async drop(integrationId: string, deliveryId: string): Promise<void> {
      const more = { integrationId, deliveryId };
      if (place.kind === 'product') await api.call('deleteProductDelivery', ofProduct(place, more));
      else if (place.kind === 'organization') await api.call('deleteOrganizationDelivery', ofOrg(place, more));
      else await api.call('deleteDelivery', { params: more });
    },
  };
}

type ProductPlace = Extract<Place, { kind: 'product' }>;
type OrganizationPlace = Extract<Place, { kind: 'organization' }>;

const ofProduct = <More extends object>({ product }: ProductPlace, more?: More) => ({
  params: { productIdOrSlug: product, ...more },
});
const ofOrg = <More extends object>({ organization }: OrganizationPlace, more?: More) => ({
  params: { orgIdOrSlug: organization, ...more },
});
