import type { ProgressSource, SessionProgress, StoredSession } from '@cloudchamber/gateway';
import { type DeviceId, minutes, seconds, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox, type SecretBox, type Store } from '../../store/index.ts';
import { insertDevice } from '../devices/device-store.ts';
import { DurableSessionVault } from './index.ts';

const ID = '0a10aced0000000000000001' as DeviceId;
const OTHER = '0a10aced0000000000000002' as DeviceId;
const SPKI = new Uint8Array(91).fill(9);

const FIRST: SessionProgress = {
  readTop: 1,
  readWindow: [0, 3],
  writeCeiling: 1024,
  address: '192.0.2.1',
  port: 4711,
  heardAt: Date.UTC(2026, 0, 1),
  offline: undefined,
  silenceAllowedMs: 50_000,
  subscribed: false,
  nextMessageId: undefined,
  published: { top: -1, high: 0, low: 0 },
};

const session = (deviceId = ID, fill = 1): StoredSession => ({
  deviceId,
  keys: {
    cid: new Uint8Array(8).fill(fill),
    clientKey: new Uint8Array(16).fill(fill + 1),
    serverKey: new Uint8Array(16).fill(fill + 2),
    clientIv: new Uint8Array(4).fill(fill + 3),
    serverIv: new Uint8Array(4).fill(fill + 4),
    peerSpki: SPKI,
  },
  hello: { productId: 13, productVersion: 1, flags: 0xf6, platformId: 32, systemVersion: 6200 },
  startedAt: 1_700_000_000_000,
  progress: FIRST,
});

/** A session whose progress the test moves. */
class Source implements ProgressSource {
  now: SessionProgress = FIRST;
  readonly kept: SessionProgress[] = [];

  progress(): SessionProgress {
    return this.now;
  }

  stored(progress: SessionProgress): void {
    this.kept.push(progress);
  }
}

const entropy = seededEntropy(11);

describeStores('the vault of sessions', (open) => {
  let store: Store;
  let secrets: SecretBox;
  let clock: VirtualClock;

  const openVault = (): DurableSessionVault => new DurableSessionVault({ store, secrets, clock, log: silentLogger });
  const addDevice = (id: DeviceId, publicKey: Uint8Array | null = SPKI): Promise<boolean> =>
    insertDevice(store.db, { id, name: 'n', platformId: 32, publicKey, ownerId: null, at: 0 });
  /** What a process that starts now finds. */
  const found = async (): Promise<StoredSession[]> => {
    const next = openVault();
    const loaded = await next.load();
    await next.close();
    return loaded;
  };
  beforeEach(async () => {
    store = await open();
    secrets = createSecretBox(entropy.bytes(32), entropy);
    clock = new VirtualClock();
    await addDevice(ID);
    await addDevice(OTHER);
  });

  describe('what it has saved', () => {
    it('is found again whole, with its keys sealed', async () => {
      const vault = openVault();
      await vault.save(session(), new Source());
      await vault.save(
        { ...session(OTHER, 50), keys: { ...session(OTHER, 50).keys, cid: new Uint8Array(0) } },
        new Source(),
      );
      const loaded = await found();
      expect(loaded.map(({ deviceId }) => deviceId)).toEqual([ID, OTHER]);
      expect(loaded[0]).toEqual(session());
      expect(loaded[1]?.keys.cid).toEqual(new Uint8Array(0));
      const [row] = await store.db.selectFrom('device_sessions').selectAll().execute();
      const sealed = Buffer.from(row!.sealed_secrets);
      expect(sealed.includes(Buffer.alloc(16, 2))).toBe(false);
      expect(() => secrets.open(sealed, `session:${OTHER}`)).toThrow();
      await vault.close();
    });

    it('is as of the last commit, before and after its marks were gathered', async () => {
      const vault = openVault();
      const [source, other] = [new Source(), new Source()];
      const entry = await vault.save(session(), source);
      await vault.save(session(OTHER, 50), other);
      source.now = { ...FIRST, readTop: 7, address: '2001:db8::1', offline: 'goodbye' };
      entry.note();
      await vault.settled();
      source.now = { ...FIRST, readTop: 8, subscribed: true };
      entry.note();
      await vault.settled();
      expect(source.kept.map(({ readTop }) => readTop)).toEqual([7, 8]);
      source.now = { ...FIRST, readTop: 9 };
      const expected = [{ ...FIRST, readTop: 8, subscribed: true }, FIRST];
      expect((await found()).map(({ progress }) => progress)).toEqual(expected);
      await vault.gather();
      expect(await store.db.selectFrom('session_marks').selectAll().execute()).toEqual([]);
      expect((await found()).map(({ progress }) => progress)).toEqual(expected);
      entry.note();
      await vault.settled();
      expect((await found())[0]?.progress.readTop).toBe(9);
      await vault.close();
    });

    it('is the newest session of a device; the one before is deleted', async () => {
      const vault = openVault();
      await vault.save(session(ID, 1), new Source());
      await vault.save(session(ID, 100), new Source());
      expect((await found()).map(({ keys }) => keys.cid[0])).toEqual([100]);
      expect(await store.db.selectFrom('device_sessions').selectAll().execute()).toHaveLength(1);
      await vault.close();
    });

    it('lives no longer than the key that the device has proved to own is registered', async () => {
      const vault = openVault();
      await vault.save(session(ID), new Source());
      await vault.save(session(OTHER, 50), new Source());
      await store.db
        .updateTable('devices')
        .set({ public_key: new Uint8Array(91) })
        .where('id', '=', ID)
        .execute();
      expect((await found()).map(({ deviceId }) => deviceId)).toEqual([OTHER]);
      await store.db.deleteFrom('devices').where('id', '=', OTHER).execute();
      expect(await found()).toEqual([]);
      await vault.close();
    });

    it('costs the device a handshake, and no more, when it can’t be read', async () => {
      const vault = openVault();
      await vault.save(session(ID), new Source());
      secrets = createSecretBox(entropy.bytes(32), entropy);
      expect(await found()).toEqual([]);
      expect(await store.db.selectFrom('device_sessions').selectAll().execute()).toEqual([]);
      await vault.close();
    });
  });

  it('drops all when nobody was heard for two hours: it may be an old copy', async () => {
    const vault = openVault();
    await vault.save(session(), new Source());
    await vault.save(session(OTHER, 50), new Source());
    await vault.close();
    clock.advance(minutes(119));
    expect(await found()).toHaveLength(2);
    clock.advance(minutes(2));
    expect(await found()).toEqual([]);
    expect(await store.db.selectFrom('device_sessions').selectAll().execute()).toEqual([]);
  });

  it('goes on with sessions that it has loaded', async () => {
    const before = openVault();
    await before.save(session(), new Source());
    await before.close();
    const vault = openVault();
    const [loaded] = await vault.load();
    const source = new Source();
    source.now = { ...FIRST, writeCeiling: 2048 };
    const entry = vault.adopt(loaded!, source);
    entry.note();
    await vault.settled();
    await entry.greeted({ ...session().hello, flags: 1 });
    const [again] = await found();
    expect(again).toMatchObject({ hello: { flags: 1 }, progress: { writeCeiling: 2048 } });
    await vault.close();
  });

  it('forgets what is over, with the marks that were noted', async () => {
    const vault = openVault();
    const entries = [await vault.save(session(), new Source()), await vault.save(session(OTHER, 50), new Source())];
    for (const entry of entries) {
      entry.note();
      entry.remove();
      entry.note();
    }
    await vault.close();
    expect(await store.db.selectFrom('device_sessions').selectAll().execute()).toEqual([]);
  });

  it('has an event’s mark in the commit of the event', async () => {
    const vault = openVault();
    const source = new Source();
    const entry = await vault.save(session(), source);
    source.now = { ...FIRST, readTop: 2 };
    entry.note();
    const event = {
      ownerId: null,
      productId: null,
      deviceId: ID,
      publisher: ID,
      name: 'n',
      data: null,
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: 0,
    };
    const entering = (): void => {
      source.now = { ...source.now, published: { top: 5, high: 0, low: 1 } };
    };
    await store.events.append(event, { entering, failed: () => {} });
    expect((await found())[0]?.progress).toEqual({ ...FIRST, readTop: 2, published: { top: 5, high: 0, low: 1 } });
    expect(await store.events.read({ limit: 10 })).toHaveLength(1);
    await vault.close();
  });

  it('gathers by itself, many sessions at once', async () => {
    const vault = openVault();
    const sources = await Promise.all(
      Array.from({ length: 1200 }, async (_, at) => {
        const id = at.toString(16).padStart(24, '0') as DeviceId;
        await addDevice(id);
        const source = new Source();
        const entry = await vault.save(session(id, at & 0x7f), source);
        source.now = { ...FIRST, readTop: at };
        entry.note();
        return source;
      }),
    );
    await vault.settled();
    clock.advance(seconds(20));
    await vault.gather();
    expect(await store.db.selectFrom('session_marks').selectAll().execute()).toEqual([]);
    const loaded = await found();
    expect(loaded.map(({ progress }) => progress.readTop).toSorted((a, b) => a - b)).toEqual(
      sources.map((_, at) => at),
    );
    await vault.close();
  }, 30_000);
});
