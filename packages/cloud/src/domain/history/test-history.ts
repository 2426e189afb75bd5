import type { DeviceId } from '@cloudchamber/kernel';
import type { NewEvent, Store } from '../../store/index.ts';

/** For tests: a product that an organization or an account owns. */
export async function addProduct(
  store: Store,
  id: number,
  owner: { readonly kind: 'user' | 'organization'; readonly id: string },
): Promise<void> {
  const name = `product ${id}`;
  await store.db
    .insertInto('products')
    .values({
      id,
      name,
      name_key: name,
      slug: `product-${id}`,
      description: '',
      platform_id: 13,
      owner_kind: owner.kind,
      owner_id: owner.id,
      settings: '{}',
      created_at: 0,
      updated_at: 0,
    })
    .execute();
}

export async function addAccount(store: Store, id: string): Promise<void> {
  await store.db
    .insertInto('users')
    .values({ id, username: `${id}@example.net`, password_hash: '', account_info: '{}', operator: 0, created_at: 0 })
    .execute();
}

export async function addCustomer(store: Store, id: string, productId: number): Promise<void> {
  await store.db
    .insertInto('customers')
    .values({ id, product_id: productId, username: `${id}@example.net`, created_at: 0 })
    .execute();
}

export const deviceId = (number: number): DeviceId => `e00fce68${String(number).padStart(16, '0')}` as DeviceId;

export function newEvent(fields: Partial<NewEvent>): NewEvent {
  return {
    ownerId: null,
    productId: null,
    deviceId: null,
    publisher: fields.deviceId ?? 'api',
    name: 'event',
    data: null,
    contentFormat: 0,
    ttlSeconds: 60,
    publishedAt: 0,
    ...fields,
  };
}
