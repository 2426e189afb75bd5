import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { createSecretBox, type Store } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { productChanges } from '../products/index.ts';
import { createIntegration } from './create-integration.ts';
import { deleteIntegration, endIntegrations } from './delete-integration.ts';
import type { IntegrationOwner } from './integration.ts';
import { integrationChanges } from './integration-changes.ts';
import { IntegrationDirectory, type Trigger } from './integration-directory.ts';
import { openIntegration } from './open-integration.ts';
import { updateIntegration } from './update-integration.ts';

const ANN: IntegrationOwner = { kind: 'user', id: 'aaaaaaaaaaaaaaaaaaaaaaaa' };
const BOB: IntegrationOwner = { kind: 'user', id: 'bbbbbbbbbbbbbbbbbbbbbbbb' };
const CUSTOMER = 'cccccccccccccccccccccccc';
const ACME: IntegrationOwner = { kind: 'organization', id: 'dddddddddddddddddddddddd' };
const DEVICE = 'e00fce68a1b2c3d4e5f60718';

describeStores('IntegrationDirectory', (open) => {
  let ctx: Ambient;
  let store: Store;
  let services: { bus: InProcessBus; secrets: ReturnType<typeof createSecretBox> };
  let directory: IntegrationDirectory;
  let sold: IntegrationOwner;
  let other: IntegrationOwner;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const entropy = seededEntropy(5);
    ctx = { store, clock, entropy, log: silentLogger };
    services = { bus: new InProcessBus(silentLogger), secrets: createSecretBox(entropy.bytes(32), entropy) };
    for (const { id } of [ANN, BOB]) {
      const user = { username: `${id}@example.net`, password_hash: '', account_info: '{}', operator: 0, created_at: 0 };
      const nothing = { email_verified_at: null, mfa_secret: null, mfa_enabled_at: null, mfa_last_step: null };
      await store.db
        .insertInto('users')
        .values({ id, ...user, ...nothing })
        .execute();
    }
    const acme = { id: ACME.id, slug: 'acme', name: 'Acme', owner_id: ANN.id, created_at: 0, updated_at: 0 };
    await store.db.insertInto('organizations').values(acme).execute();
    sold = await addProduct('sold', ACME);
    other = await addProduct('other', ACME);
    directory = await IntegrationDirectory.open({ store, bus: services.bus, log: silentLogger });
  });
  afterEach(() => directory.close());

  const addProduct = async (name: string, owner: IntegrationOwner): Promise<IntegrationOwner> => {
    const row = { name, name_key: name, slug: name, description: '', platform_id: 13, settings: '{}' };
    const insert = store.db.insertInto('products').values({
      ...row,
      owner_kind: owner.kind === 'organization' ? 'organization' : 'user',
      owner_id: owner.id,
      created_at: 0,
      updated_at: 0,
    });
    return { kind: 'product', id: String((await insert.returning('id').executeTakeFirstOrThrow()).id) };
  };
  const add = async (owner: IntegrationOwner, more: Record<string, unknown> = {}) =>
    (await createIntegration(ctx, services, owner, { event: 'temp', url: 'http://example.net', ...more })).integration
      .id;
  const event = (more: Partial<Trigger> = {}): Trigger => ({
    name: 'temp/kitchen',
    ownerId: ANN.id,
    productId: Number(sold.id),
    deviceId: DEVICE,
    publisher: DEVICE,
    ...more,
  });
  const triggered = (more: Partial<Trigger> = {}) => directory.integrationsFor(event(more));

  it('finds those of the owner, of the product and of its organization', async () => {
    const [own, ofProduct, ofAcme] = [await add(ANN), await add(sold), await add(ACME)];
    await add(BOB);
    await add(other);
    expect(triggered()).toEqual([own, ofProduct, ofAcme]);
    // Nobody claimed it, or a customer did.
    expect(triggered({ ownerId: null })).toEqual([ofProduct, ofAcme]);
    expect(triggered({ ownerId: CUSTOMER })).toEqual([ofProduct, ofAcme]);
    // In no product: quarantined, or a developer's.
    expect(triggered({ productId: null })).toEqual([own]);
    expect(triggered({ ownerId: null, productId: null })).toEqual([]);
    // Published over the API.
    expect(triggered({ deviceId: null, publisher: 'api', productId: null })).toEqual([own]);
    expect(triggered({ deviceId: null, publisher: 'api', ownerId: null })).toEqual([ofProduct, ofAcme]);
  });

  it('compares the beginning of names, case and all', async () => {
    const id = await add(ANN);
    for (const name of ['temp', 'temperature', 'temp/x']) expect(triggered({ name })).toEqual([id]);
    for (const name of ['tem', 'Temp', 'high_temp', '']) expect(triggered({ name })).toEqual([]);
    const status = await add(ANN, { event: 'spark/status' });
    expect(triggered({ name: 'spark/status' })).toEqual([status]);
  });

  it('is deaf to what integrations cause', async () => {
    for (const prefix of ['hook', 'h', 'temp']) await add(ANN, { event: prefix });
    for (const name of ['hook-sent/temp', 'hook-response/temp/0', 'hook-error/temp/0', 'hook-sent']) {
      expect(triggered({ name })).toEqual([]);
    }
    expect(triggered({ publisher: 'particle-internal', deviceId: null })).toEqual([]);
    expect(triggered({ name: 'hooked' })).toHaveLength(2);
  });

  it('keeps to the device, and to the products of an organization', async () => {
    const one = await add(ANN, { deviceID: DEVICE });
    const everywhere = await add(sold, { deviceID: 'ffffffffffffffffffffffff' });
    const chosen = await add(ACME, { products: [other.id] });
    expect(triggered()).toEqual([one, everywhere]);
    expect(triggered({ deviceId: 'ffffffffffffffffffffffff' })).toEqual([everywhere]);
    expect(triggered({ deviceId: null, publisher: 'api' })).toEqual([everywhere]);
    expect(triggered({ productId: Number(other.id), ownerId: null })).toEqual([chosen]);
    await updateIntegration(ctx, services, ACME, chosen, { event: 'temp', url: 'http://x.example', products: [] });
    await Promise.resolve();
    expect(triggered({ productId: Number(other.id), ownerId: null })).toEqual([]);
  });

  it('follows what is changed, at once', async () => {
    const id = await add(ANN);
    const settings = { event: 'humidity', url: 'http://example.net' };
    await updateIntegration(ctx, services, ANN, id, settings);
    expect(triggered()).toEqual([]);
    expect(triggered({ name: 'humidity' })).toEqual([id]);
    await updateIntegration(ctx, services, ANN, id, { ...settings, disabled: true });
    expect(triggered({ name: 'humidity' })).toEqual([]);
    await updateIntegration(ctx, services, ANN, id, settings);
    expect(triggered({ name: 'humidity' })).toEqual([id]);
    await deleteIntegration(ctx, services, ANN, id);
    expect(triggered({ name: 'humidity' })).toEqual([]);
    expect(await openIntegration(ctx, services, id)).toBeNull();
  });

  it('ends with its owner', async () => {
    await add(sold);
    const kept = await add(ANN);
    const tell = await store.db.transaction().execute((db) => endIntegrations(db, services, sold));
    tell();
    await Promise.resolve();
    expect(triggered()).toEqual([kept]);
    expect(await store.db.selectFrom('integrations').select('id').execute()).toEqual([{ id: kept }]);
  });

  it('knows everything that is enabled when it is opened', async () => {
    const on = await add(ANN);
    const off = await add(ANN, { disabled: true });
    const chosen = await add(ACME, { products: [sold.id] });
    directory.close();
    directory = await IntegrationDirectory.open({ store, bus: services.bus, log: silentLogger });
    expect(triggered()).toEqual([on, chosen]);
    expect(triggered()).not.toContain(off);
  });

  it('believes the store where two changes were told in the wrong order', async () => {
    const id = await add(ANN);
    services.bus.publish(integrationChanges, { owner: ANN, cards: [] });
    await Promise.resolve();
    expect(triggered()).toEqual([]);
    await expect.poll(() => triggered()).toEqual([id]);
  });

  it('follows products that are given to another owner', async () => {
    const ofAcme = await add(ACME);
    const gift = await addProduct('gift', BOB);
    const productId = Number(gift.id);
    expect(triggered({ productId, ownerId: null })).toEqual([]);
    const give = async (owner_kind: 'user' | 'organization', owner_id: string) => {
      await store.db.updateTable('products').set({ owner_kind, owner_id }).where('id', '=', productId).execute();
      services.bus.publish(productChanges, { productId, what: 'moved' });
    };
    await give('organization', ACME.id);
    await expect.poll(() => triggered({ productId, ownerId: null })).toEqual([ofAcme]);
    await give('user', BOB.id);
    await expect.poll(() => triggered({ productId, ownerId: null })).toEqual([]);
  });

  it('opens one with its secrets, for what calls it', async () => {
    const auth = { username: 'ann', password: 'open sesame' };
    const id = await add(sold, { auth, mode: 'compatible' });
    const opened = await openIntegration(ctx, services, id);
    expect(opened).toMatchObject({
      id,
      owner: sold,
      settings: { mode: 'compatible', disabled: false, target: { type: 'Webhook', auth: { kind: 'basic', ...auth } } },
    });
    expect(opened?.settings.target).toHaveProperty('signingSecret', expect.stringMatching(/^whsec_[\w+/]{32}$/));
    const [row] = await store.db.selectFrom('integrations').selectAll().execute();
    expect(JSON.stringify(row?.settings)).not.toContain('sesame');
    expect(Buffer.from(row?.secrets ?? []).includes('sesame')).toBe(false);
    const stranger = { ...services, secrets: createSecretBox(Buffer.alloc(32), ctx.entropy) };
    await expect(openIntegration(ctx, stranger, id)).rejects.toMatchObject({ code: 'secret.unreadable' });
  });
});
