import type { DeviceId } from '@cloudchamber/kernel';
import { hours, minutes, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import type { Ambient, CustomerActor, OwnerActor, TokenActor, UserActor } from '../context.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { FakeDeviceCommands } from './fake-device-commands.ts';
import {
  claimByModem,
  createClaimCode,
  createProductClaimCode,
  type DeviceChange,
  deviceChanges,
  endProductClaims,
  releaseDevicesOf,
  useClaimCode,
} from './index.ts';

const PHOTON = 'e00fce680000000000000001' as DeviceId;
const ARGON = 'e00fce680000000000000002' as DeviceId;
const GREENHOUSE = 1042;
const OTHER_PRODUCT = 1043;
const IMEI = '352753090000001';
const ICCID = '89314404000000000001';

const user = (userId: string): UserActor => ({
  kind: 'user',
  userId,
  username: `${userId}@example.net`,
  tokenId: 't',
  operator: false,
});
const customer = (customerId: string, productId = GREENHOUSE): CustomerActor => ({
  kind: 'customer',
  customerId,
  username: customerId,
  productId,
  tokenId: 't',
});

describeStores('claim codes', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let ambient: Ambient;
  let commands: FakeDeviceCommands;
  let changes: DeviceChange[];
  const bus = new InProcessBus(silentLogger);

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    ambient = { store, clock, entropy: seededEntropy(5), log: silentLogger };
    commands = new FakeDeviceCommands();
    commands.online.add(PHOTON);
    changes = [];
    bus.subscribe(deviceChanges, (change) => changes.push(change));
    const settings = JSON.stringify({});
    for (const id of [GREENHOUSE, OTHER_PRODUCT]) {
      const name = `Product ${id}`;
      const shared = { name, name_key: name, slug: `product-${id}-v1`, description: '', platform_id: 12, settings };
      const row = { ...shared, id, owner_kind: 'user' as const, owner_id: 'ann', created_at: 0, updated_at: 0 };
      await store.db.insertInto('products').values(row).execute();
    }
    for (const id of ['carl', 'cora']) {
      const row = { id, product_id: GREENHOUSE, username: id, full_name: null, password_hash: null, user_id: null };
      await store.db
        .insertInto('customers')
        .values({ ...row, created_at: 0 })
        .execute();
    }
    for (const id of [PHOTON, ARGON]) {
      await insertDevice(store.db, { id, name: 'pump', platformId: 12, publicKey: null, ownerId: null, at: 0 });
    }
  });

  const as = <A extends TokenActor>(actor: A) => ({ ...ambient, actor });
  const codeOf = async (actor: OwnerActor) => (await createClaimCode(as(actor), {})).code;
  const bring = (code: string, device = PHOTON) =>
    useClaimCode({ store, bus, clock, log: silentLogger, commands }, device, code);
  const ownerOf = async (id: DeviceId) => (await findDevice(store.db, id))?.ownerId;
  const inProduct = (id: DeviceId, product_id: number) => changeDevice(store.db, id, { product_id });
  const codes = () => store.db.selectFrom('claim_codes').selectAll().execute();

  it('claims the device that brings one, once, and has it forget the code', async () => {
    const { code, deviceIds } = await createClaimCode(as(user('ann')), {});
    expect(code).toMatch(/^[A-Za-z0-9+/]{63}$/);
    expect(deviceIds).toEqual([]);
    await bring(code);
    expect(await ownerOf(PHOTON)).toBe('ann');
    expect(changes).toEqual([{ deviceId: PHOTON, ownerId: 'ann' }]);
    expect(commands.deliveries).toMatchObject([{ deviceId: PHOTON, name: 'spark/device/claim/success' }]);
    await bring(code, ARGON);
    expect(await ownerOf(ARGON)).toBeNull();
    expect((await createClaimCode(as(user('ann')), {})).deviceIds).toEqual([PHOTON]);
  });

  it('keeps digests only', async () => {
    const code = await codeOf(user('ann'));
    expect(JSON.stringify(await codes())).not.toContain(code);
  });

  it('is good for an hour', async () => {
    const [early, late] = [await codeOf(user('ann')), await codeOf(user('ann'))];
    clock.advance(hours(1) - 1);
    await bring(early);
    expect(await ownerOf(PHOTON)).toBe('ann');
    clock.advance(1);
    await bring(late, ARGON);
    expect(await ownerOf(ARGON)).toBeNull();
  });

  it('claims one of two devices that bring it at once', async () => {
    const code = await codeOf(user('ann'));
    await Promise.all([bring(code, PHOTON), bring(code, ARGON)]);
    const owners = [await ownerOf(PHOTON), await ownerOf(ARGON)];
    expect(owners.toSorted()).toEqual(['ann', null]);
    expect(await codes()).toEqual([]);
  });

  it('ignores what is no code, and a code for a device of somebody else', async () => {
    for (const code of ['', 'x', 'A'.repeat(63), 'A'.repeat(64), '!'.repeat(63)]) await bring(code);
    await bring(await codeOf(user('bob')));
    expect(await ownerOf(PHOTON)).toBe('bob');
    const code = await codeOf(user('ann'));
    await bring(code);
    expect(await ownerOf(PHOTON)).toBe('bob');
    await bring(code, ARGON);
    expect(await ownerOf(ARGON)).toBe('ann');
  });

  it('is used up by a device that the owner has already', async () => {
    await bring(await codeOf(user('ann')));
    await bring(await codeOf(user('ann')));
    expect([await ownerOf(PHOTON), await codes()]).toEqual(['ann', []]);
    expect(commands.deliveries).toHaveLength(2);
  });

  it("of a customer claims devices of the customer's product only, also from another customer", async () => {
    const code = await codeOf(customer('carl'));
    await bring(code);
    await inProduct(PHOTON, OTHER_PRODUCT);
    await bring(code);
    expect(await ownerOf(PHOTON)).toBeNull();
    await inProduct(PHOTON, GREENHOUSE);
    await bring(code);
    expect(await ownerOf(PHOTON)).toBe('carl');
    await bring(await codeOf(customer('cora')));
    expect(await ownerOf(PHOTON)).toBe('cora');
    await inProduct(ARGON, GREENHOUSE);
    await changeDevice(store.db, ARGON, { owner_id: 'ann' });
    await bring(await codeOf(customer('cora')), ARGON);
    expect(await ownerOf(ARGON)).toBe('ann');
  });

  it('of an account claims no device of a product that the account has no part in', async () => {
    await inProduct(PHOTON, GREENHOUSE);
    await bring(await codeOf(user('bob')));
    expect(await ownerOf(PHOTON)).toBeNull();
    await bring(await codeOf(user('ann')));
    expect(await ownerOf(PHOTON)).toBe('ann');
  });

  it('for a product comes from its customers and from members that may update devices', async () => {
    const ask = (actor: TokenActor, product = String(GREENHOUSE)) => createProductClaimCode(as(actor), product, {});
    const denied = { kind: 'forbidden', code: 'permission_denied', message: 'Permission denied' };
    await expect(ask(customer('carl'), String(OTHER_PRODUCT))).rejects.toMatchObject(denied);
    await expect(ask(customer('carl'), '4711')).rejects.toMatchObject(denied);
    await expect(ask(user('bob'))).rejects.toMatchObject(denied);
    const own = {
      kind: 'product',
      productId: GREENHOUSE,
      clientId: 'c',
      role: 'Developer',
      scopes: null,
      tokenId: 't',
    } as const;
    await expect(ask(own)).rejects.toMatchObject({ kind: 'forbidden', code: 'device.owner_required' });
    await expect(ask({ ...own, productId: OTHER_PRODUCT })).rejects.toMatchObject(denied);
    const { code } = await ask(user('ann'), 'product-1042-v1');
    await bring(code);
    expect(await ownerOf(PHOTON)).toBeNull();
    await inProduct(PHOTON, GREENHOUSE);
    await bring((await ask(customer('carl'))).code);
    expect(await ownerOf(PHOTON)).toBe('carl');
    await bring(code);
    expect(await ownerOf(PHOTON)).toBe('ann');
  });

  it('keeps the newest hundred of an owner', async () => {
    const first = await codeOf(user('ann'));
    clock.advance(1);
    const bobs = await codeOf(user('bob'));
    for (let made = 0; made < 100; made++) await codeOf(user('ann'));
    await bring(first);
    expect(await ownerOf(PHOTON)).toBeNull();
    expect(await codes()).toHaveLength(101);
    await bring(bobs);
    expect(await ownerOf(PHOTON)).toBe('bob');
    clock.advance(hours(1));
    await codeOf(user('ann'));
    expect((await codes()).filter((row) => row.owner_id === 'ann')).toHaveLength(1);
  });

  it('goes with its owner, and with its product', async () => {
    const [anns, carls] = [await codeOf(user('ann')), await codeOf(customer('carl'))];
    await inProduct(PHOTON, GREENHOUSE);
    await endProductClaims(store.db, GREENHOUSE);
    await bring(carls);
    await releaseDevicesOf(store.db, bus, ['ann'], 0);
    await bring(anns, ARGON);
    expect([await ownerOf(PHOTON), await ownerOf(ARGON), await codes()]).toEqual([null, null, []]);
  });

  it('claims an unowned device by what its modem is known by', async () => {
    const parts = { store, bus, clock, log: silentLogger };
    expect(await createClaimCode(as(user('ann')), { imei: IMEI, iccid: '' })).toEqual({ code: IMEI, deviceIds: [] });
    await claimByModem(parts, PHOTON);
    expect(await ownerOf(PHOTON)).toBeNull();
    await changeDevice(store.db, PHOTON, { imei: IMEI, iccid: ICCID });
    await claimByModem(parts, PHOTON);
    expect([await ownerOf(PHOTON), await codes()]).toEqual(['ann', []]);

    await createClaimCode(as(user('bob')), { iccid: ICCID });
    await claimByModem(parts, PHOTON);
    expect(await ownerOf(PHOTON)).toBe('ann');
    await changeDevice(store.db, ARGON, { iccid: ICCID });
    clock.advance(hours(1));
    await claimByModem(parts, ARGON);
    expect(await ownerOf(ARGON)).toBeNull();
    await createClaimCode(as(user('bob')), { iccid: ICCID });
    await claimByModem(parts, ARGON);
    expect(await ownerOf(ARGON)).toBe('bob');
  });

  it('lets one owner wait for a modem at a time', async () => {
    await createClaimCode(as(user('ann')), { imei: IMEI });
    await expect(createClaimCode(as(user('bob')), { imei: IMEI })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'device.claim_taken',
    });
    clock.advance(minutes(30));
    await createClaimCode(as(user('ann')), { imei: IMEI });
    clock.advance(minutes(59));
    await expect(createClaimCode(as(user('bob')), { imei: IMEI })).rejects.toMatchObject({ kind: 'conflict' });
    clock.advance(minutes(1));
    await createClaimCode(as(user('bob')), { imei: IMEI });
  });

  it.each([
    { imei: '35275309000000' },
    { imei: '3527530900000011' },
    { imei: '35275309000000a' },
    { iccid: '12345678901234567' },
    { iccid: '12345678901234567890123' },
    { iccid: `${ICCID} ` },
    { imei: IMEI, iccid: ICCID },
  ])('takes no %j', async (input) => {
    await expect(createClaimCode(as(user('ann')), input)).rejects.toMatchObject({ code: 'device.invalid' });
    expect(await codes()).toEqual([]);
  });
});
