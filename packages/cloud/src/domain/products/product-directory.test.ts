import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { productChanges } from './product.ts';
import { ProductDirectory } from './product-directory.ts';

const ORGANIZATION = 'ab'.repeat(12);

describeStores('ProductDirectory', (open) => {
  let store: Store;
  let bus: InProcessBus;
  let directory: ProductDirectory;

  beforeEach(async () => {
    store = await open();
    bus = new InProcessBus(silentLogger);
    directory = new ProductDirectory(store, bus);
  });
  afterEach(() => directory.close());

  const insert = async (id: number, kind: 'user' | 'organization', ownerId: string) => {
    const settings = '{}';
    const texts = { name: `p${id}`, name_key: `p${id}`, slug: `p${id}-v1`, description: '', settings };
    const row = { id, ...texts, platform_id: 13, owner_kind: kind, owner_id: ownerId, created_at: 1, updated_at: 1 };
    await store.db.insertInto('products').values(row).execute();
  };

  it('tells the organization once the card is read', async () => {
    await insert(1042, 'organization', ORGANIZATION);
    expect(directory.organizationOf(1042)).toBeUndefined();
    expect(await directory.load(1042)).toEqual({ id: 1042, ownerKind: 'organization', ownerId: ORGANIZATION });
    expect(directory.organizationOf(1042)).toBe(ORGANIZATION);
  });

  it("says null for an account's product and for a number that no product has", async () => {
    await insert(1042, 'user', 'cd'.repeat(12));
    await directory.load(1042);
    expect(await directory.load(1043)).toBeNull();
    expect([directory.organizationOf(1042), directory.organizationOf(1043)]).toEqual([null, null]);
  });

  it('forgets a product that changed, also while it was being read', async () => {
    await insert(1042, 'user', 'cd'.repeat(12));
    await directory.load(1042);
    await store.db.updateTable('products').set({ owner_kind: 'organization', owner_id: ORGANIZATION }).execute();
    bus.publish(productChanges, { productId: 1042 });
    await Promise.resolve();
    expect(directory.organizationOf(1042)).toBeUndefined();
    const loading = directory.load(1042);
    bus.publish(productChanges, { productId: 1042 });
    expect(await loading).toEqual({ id: 1042, ownerKind: 'organization', ownerId: ORGANIZATION });
    expect(directory.organizationOf(1042)).toBe(ORGANIZATION);
  });

  it('reads a product once for all who ask at once', async () => {
    await insert(1042, 'user', 'cd'.repeat(12));
    const cards = await Promise.all([directory.load(1042), directory.load(1042)]);
    expect(cards[0]).toBe(cards[1]);
  });

  it('hears nothing after it was closed', async () => {
    await insert(1042, 'user', 'cd'.repeat(12));
    await directory.load(1042);
    directory.close();
    bus.publish(productChanges, { productId: 1042 });
    await Promise.resolve();
    expect(directory.organizationOf(1042)).toBeNull();
  });
});
