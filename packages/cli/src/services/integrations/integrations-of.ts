import type { Input, Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Place } from '../place.ts';
import { inOrganization, inProduct } from '../products/find-product.ts';

/** As the cloud tells of it, secrets masked. */
export type Integration = Output<'listIntegrations'>[number];
export type IntegrationDetails = Output<'getIntegration'>['integration'];
export type NewIntegration = Output<'createIntegration'>;
type TestOutcome = Output<'testIntegration'>;
export type DeliveryPage = Output<'listDeliveries'>;
type Replayed = Output<'replayDeliveries'>;
type Body<Name extends 'createIntegration' | 'testIntegration' | 'replayDeliveries'> = Exclude<
  Input<Name>['body'],
  FormData | undefined
>;
/** What an integration is made from; keys that the cloud does not know are kept by it. */
export type Settings = Body<'createIntegration'>;
type DeliveryQuery = NonNullable<Input<'listDeliveries'>['query']>;

/** The integrations of a place. Each refuses as its operation does. */
export interface Integrations {
  /** Oldest first, with how each one is doing. */
  list(): Promise<readonly Integration[]>;
  create(body: Settings): Promise<NewIntegration>;
  get(id: string): Promise<IntegrationDetails>;
  /** Replaces all settings. */
  update(id: string, body: Settings): Promise<Integration>;
  remove(id: string): Promise<void>;
  test(id: string, body: Body<'testIntegration'>): Promise<TestOutcome>;
  deliveries(id: string, query: DeliveryQuery): Promise<DeliveryPage>;
  replayOne(id: string, delivery: string): Promise<void>;
  replay(id: string, body: Body<'replayDeliveries'>): Promise<Replayed>;
}

export function integrationsOf(cloud: Pick<Cloud, 'call'>, place: Place): Integrations {
  if (place.kind === 'product') return ofProduct(cloud, place.product);
  if (place.kind === 'organization') return ofOrganization(cloud, place.organization);
  return ofAccount(cloud);
}

const query = { summary: true };

function ofAccount({ call }: Pick<Cloud, 'call'>): Integrations {
  return {
    list: () => call('listIntegrations', { params: {}, query }),
    create: (body) => call('createIntegration', { params: {}, body }),
    get: async (integrationId) => (await call('getIntegration', { params: { integrationId } })).integration,
    update: async (integrationId, body) =>
      (await call('updateIntegration', { params: { integrationId }, body })).integration,
    remove: async (integrationId) => void (await call('deleteIntegration', { params: { integrationId } })),
    test: (integrationId, body) => call('testIntegration', { params: { integrationId }, body }),
    deliveries: (integrationId, asked) => call('listDeliveries', { params: { integrationId }, query: asked }),
    replayOne: async (integrationId, deliveryId) =>
      void (await call('replayDelivery', { params: { integrationId, deliveryId } })),
    replay: (integrationId, body) => call('replayDeliveries', { params: { integrationId }, body }),
  };
}

function ofProduct({ call }: Pick<Cloud, 'call'>, product: string): Integrations {
  const params = { productIdOrSlug: product };
  const one = (integrationId: string) => ({ ...params, integrationId });
  const here = <T>(answer: Promise<T>): Promise<T> => inProduct(product, answer);
  return {
    list: () => here(call('listProductIntegrations', { params, query })),
    create: (body) => here(call('createProductIntegration', { params, body })),
    get: async (id) => (await here(call('getProductIntegration', { params: one(id) }))).integration,
    update: async (id, body) => (await here(call('updateProductIntegration', { params: one(id), body }))).integration,
    remove: async (id) => void (await here(call('deleteProductIntegration', { params: one(id) }))),
    test: (id, body) => here(call('testProductIntegration', { params: one(id), body })),
    deliveries: (id, asked) => here(call('listProductDeliveries', { params: one(id), query: asked })),
    replayOne: async (id, deliveryId) =>
      void (await here(call('replayProductDelivery', { params: { ...one(id), deliveryId } }))),
    replay: (id, body) => here(call('replayProductDeliveries', { params: one(id), body })),
  };
}

function ofOrganization({ call }: Pick<Cloud, 'call'>, organization: string): Integrations {
  const params = { orgIdOrSlug: organization };
  const one = (integrationId: string) => ({ ...params, integrationId });
  const here = <T>(answer: Promise<T>): Promise<T> => inOrganization(organization, answer);
  return {
    list: () => here(call('listOrganizationIntegrations', { params, query })),
    create: (body) => here(call('createOrganizationIntegration', { params, body })),
    get: async (id) => (await here(call('getOrganizationIntegration', { params: one(id) }))).integration,
    update: async (id, body) =>
      (await here(call('updateOrganizationIntegration', { params: one(id), body }))).integration,
    remove: async (id) => void (await here(call('deleteOrganizationIntegration', { params: one(id) }))),
    test: (id, body) => here(call('testOrganizationIntegration', { params: one(id), body })),
    deliveries: (id, asked) => here(call('listOrganizationDeliveries', { params: one(id), query: asked })),
    replayOne: async (id, deliveryId) =>
      void (await here(call('replayOrganizationDelivery', { params: { ...one(id), deliveryId } }))),
    replay: (id, body) => here(call('replayOrganizationDeliveries', { params: one(id), body })),
  };
}
