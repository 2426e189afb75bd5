import { seededEntropy, silentLogger, systemClock } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { spkiFromPem } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { createSecretBox, type Store } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { listServerKeys, publicKeyPem, retireServerKey, rotateServerKey, ServerKeyRing } from './index.ts';

const entropy = seededEntropy(5);
const secrets = createSecretBox(entropy.bytes(32), entropy);
const hex = (spkis: readonly { readonly spki: Uint8Array }[]) =>
  spkis.map(({ spki }) => Buffer.from(spki).toString('hex'));

describeStores('server keys', (open) => {
  async function setUp() {
    const store = await open();
    const ambient = { store, clock: systemClock, entropy, log: silentLogger };
    const actor = { kind: 'user', userId: 'u', username: 'op@example.net', tokenId: 't', operator: true } as const;
    const ctx: Context = { ...ambient, actor };
    const ring = await ServerKeyRing.open({ ...ambient, secrets });
    return { store, ctx, ring, again: () => ServerKeyRing.open({ ...ambient, secrets }) };
  }

  /** Makes devices that were last seen to hold these keys. */
  async function addHolders(store: Store, fingerprints: readonly string[]): Promise<void> {
    const rows = fingerprints.map((fingerprint, at) => ({
      id: at.toString(16).padStart(24, '0'),
      name: 'd',
      platform_id: 32,
      safe_mode: 0,
      development: 0,
      updates_forced: 0,
      server_key: fingerprint,
      created_at: 1,
      updated_at: 1,
    }));
    await store.db.insertInto('devices').values(rows).execute();
  }

  describe('of a new cloud', () => {
    it('are made once and are the same ever after', async () => {
      const { ring, again } = await setUp();
      const [first, beside] = await Promise.all([again(), again()]);
      expect(hex(first.ec)).toEqual(hex(ring.ec));
      expect(hex(beside.rsa)).toEqual(hex(ring.rsa));
      expect([ring.ec.length, ring.rsa.length]).toEqual([1, 1]);
      expect([ring.ec[0]?.spki.length, ring.rsa[0]?.spki.length]).toEqual([91, 294]);
      expect(spkiFromPem(publicKeyPem(ring.newest('ec-p256').spki))).toEqual(ring.ec[0]?.spki);
    });

    it('of several processes that start at once are the same', async () => {
      const store = await open();
      const ctx = { store, clock: systemClock, entropy, secrets };
      const rings = await Promise.all([ServerKeyRing.open(ctx), ServerKeyRing.open(ctx), ServerKeyRing.open(ctx)]);
      expect(new Set(rings.flatMap((ring) => hex(ring.ec))).size).toBe(1);
      expect(new Set(rings.flatMap((ring) => hex(ring.rsa))).size).toBe(1);
    });

    it('are stored sealed, and another secret cannot read them', async () => {
      const { store } = await setUp();
      const rows = await store.db.selectFrom('server_keys').selectAll().execute();
      expect(rows).toHaveLength(2);
      for (const row of rows) expect(Buffer.from(row.sealed_private_key).includes('PRIVATE KEY')).toBe(false);
      const others = createSecretBox(entropy.bytes(32), entropy);
      await expect(ServerKeyRing.open({ store, clock: systemClock, entropy, secrets: others })).rejects.toMatchObject({
        code: 'secret.unreadable',
      });
    });
  });

  describe('while they are rotated', () => {
    it.each(['ec-p256', 'rsa-2048'] as const)('are two, of which %s devices get the new one', async (algorithm) => {
      const { ctx, ring, again } = await setUp();
      const keys = () => (algorithm === 'ec-p256' ? ring.ec : ring.rsa);
      const [old] = hex(keys());
      let told = 0;
      ring.onChange(() => told++);
      const next = await rotateServerKey(ctx, ring, algorithm);
      expect(told).toBe(1);
      expect(hex(keys())).toEqual([old, Buffer.from(next.spki).toString('hex')]);
      expect(ring.newest(algorithm).fingerprint).toBe(next.fingerprint);
      const reopened = await again();
      expect(hex(algorithm === 'ec-p256' ? reopened.ec : reopened.rsa)).toEqual(hex(keys()));
    });

    it('are never three', async () => {
      const { ctx, ring } = await setUp();
      await rotateServerKey(ctx, ring, 'ec-p256');
      await expect(rotateServerKey(ctx, ring, 'ec-p256')).rejects.toMatchObject({ code: 'server_key.two_in_use' });
      await expect(rotateServerKey(ctx, ring, 'rsa-2048')).resolves.toMatchObject({ generation: 2 });
    });

    it('are still two when two operators rotate at once', async () => {
      const { ctx, ring, again } = await setUp();
      const other = await again();
      const results = await Promise.allSettled([
        rotateServerKey(ctx, ring, 'ec-p256'),
        rotateServerKey(ctx, other, 'ec-p256'),
      ]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await again()).ec).toHaveLength(2);
    });

    it('come in the order of how many devices hold them', async () => {
      const { store, ctx, ring } = await setUp();
      const next = await rotateServerKey(ctx, ring, 'ec-p256');
      const [old] = (await listServerKeys(ctx)).map((key) => key.fingerprint);
      await addHolders(store, [next.fingerprint, next.fingerprint, old ?? '']);
      await ring.reload();
      expect(hex(ring.ec)[0]).toBe(Buffer.from(next.spki).toString('hex'));
      expect((await listServerKeys(ctx)).map(({ devices }) => devices)).toEqual([1, 2, 0]);
    });
  });

  describe('to be retired', () => {
    it('must not be the last', async () => {
      const { ctx, ring } = await setUp();
      const { id } = ring.newest('ec-p256');
      await expect(retireServerKey(ctx, ring, { id, force: true })).rejects.toMatchObject({ code: 'server_key.last' });
      expect(ring.ec).toHaveLength(1);
    });

    it('go out of use for good, and the number of the next goes on', async () => {
      const { ctx, ring } = await setUp();
      const { id } = ring.newest('ec-p256');
      const next = await rotateServerKey(ctx, ring, 'ec-p256');
      await retireServerKey(ctx, ring, { id, force: false });
      expect(hex(ring.ec)).toEqual([Buffer.from(next.spki).toString('hex')]);
      await expect(retireServerKey(ctx, ring, { id, force: true })).rejects.toMatchObject({
        code: 'server_key.not_found',
      });
      expect((await rotateServerKey(ctx, ring, 'ec-p256')).generation).toBe(3);
    });

    it('must not be held by devices, unless forced', async () => {
      const { store, ctx, ring } = await setUp();
      const { id, fingerprint } = ring.newest('ec-p256');
      await rotateServerKey(ctx, ring, 'ec-p256');
      await addHolders(store, [fingerprint, fingerprint]);
      await expect(retireServerKey(ctx, ring, { id, force: false })).rejects.toMatchObject({
        code: 'server_key.held_by_devices',
        details: { devices: 2 },
      });
      await retireServerKey(ctx, ring, { id, force: true });
      expect(ring.ec).toHaveLength(1);
    });
  });

  it('are the business of operators', async () => {
    const { ctx, ring } = await setUp();
    const user = { kind: 'user', userId: 'v', username: 'v@example.net', tokenId: 't', operator: false } as const;
    const theirs: Context = { ...ctx, actor: user };
    const { id } = ring.newest('ec-p256');
    for (const verb of [
      listServerKeys(theirs),
      rotateServerKey(theirs, ring, 'ec-p256'),
      retireServerKey(theirs, ring, { id, force: true }),
    ]) {
      await expect(verb).rejects.toMatchObject({ code: 'operator_only' });
    }
  });
});
