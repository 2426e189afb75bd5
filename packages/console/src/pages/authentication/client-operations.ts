import type { Input, OperationName } from '@cloudchamber/contract';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';
import type { NewClient } from './client.ts';

type Draft = Exclude<Input<'createClient'>['body'], FormData>;
type Change = Exclude<Input<'updateClient'>['body'], FormData | undefined>;

export interface ClientOperations {
  readonly changes: readonly OperationName[];
  create(body: Draft): Promise<{ readonly client: NewClient }>;
  update(clientId: string, body: Change): Promise<unknown>;
  remove(clientId: string): Promise<unknown>;
}

/** How OAuth clients of a place are changed: those of the account, or of a product. */
export function clientOperations(place: Place): ClientOperations {
  if (place.kind !== 'product') {
    return {
      changes: ['listClients', 'listTokens'],
      create: (body) => api.call('createClient', { body }),
      update: (clientId, body) => api.call('updateClient', { params: { clientId }, body }),
      remove: (clientId) => api.call('deleteClient', { params: { clientId } }),
    };
  }
  const productIdOrSlug = place.product;
  return {
    changes: ['listProductClients'],
    create: (body) => api.call('createProductClient', { params: { productIdOrSlug }, body }),
    update: (clientId, body) => api.call('updateProductClient', { params: { productIdOrSlug, clientId }, body }),
    remove: (clientId) => api.call('deleteProductClient', { params: { productIdOrSlug, clientId } }),
  };
}
