import { generateKeyPairSync } from 'node:crypto';
import type { DeviceId } from '@cloudchamber/kernel';
import { days, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken, type TokenSubject } from '../../domain/accounts/index.ts';
import { changeDevice, findDevice, insertDevice } from '../../domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestServerOptions, type TestUser, testServer } from '../test-server.ts';
import { claimRouteModule } from './claims.ts';
import { deviceRouteModule } from './devices.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const THEIRS = 'That belongs to someone else. To request a transfer add ?request_transfer=true to the URL.';
const OWNED = { status: 403, body: { ok: false, errors: [THEIRS], error_description: THEIRS } };
const DENIED = { status: 403, body: { error: 'permission_denied', error_description: 'Permission denied' } };

describeStores('claiming routes', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let test: TestServer;
  let updates: UpdateJournal;
  let commands: FakeDeviceCommands;
  let ann: TestUser;
  let bob: TestUser;
  let eve: TestUser;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    const blobs = new FirmwareBlobs({ store, clock });
    updates = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs,
    });
    const publicUrl = 'http://cloud.test';
    const routes: TestServerOptions['routes'] = (_ambient, accounts) => [
      claimRouteModule({ accounts, bus, publicUrl }),
      deviceRouteModule({ accounts, bus, commands, updates, blobs, publicUrl }),
    ];
    test = await testServer(store, { clock, bus, routes });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    eve = await test.addUser('eve@example.net');
    await insertDevice(store.db, {
      id: ID,
      name: '<b>pump</b>',
      platformId: 12,
      publicKey: null,
      ownerId: ann.id,
      at: 0,
    });
    const settings = JSON.stringify({});
    const product = { name: 'Greenhouse', name_key: 'greenhouse', slug: 'greenhouse-v1', description: '', settings };
    const owner = { owner_kind: 'user' as const, owner_id: bob.id, platform_id: 12, created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('products')
      .values({ ...product, ...owner, id: 1042 })
      .execute();
    const carl = { id: 'c'.repeat(24), product_id: 1042, username: 'carl', full_name: null, password_hash: null };
    await store.db
      .insertInto('customers')
      .values({ ...carl, user_id: null, created_at: 0 })
      .execute();
  });
  afterEach(async () => {
    await updates.settled();
    await test.fastify.close();
  });

  type Headers = Record<string, string>;
  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
    headers: Headers = ann.headers,
  ) => {
    const reply = await test.fastify.inject({ method, url, headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json() as Record<string, unknown> };
  };
  const tokenOf = async (subject: TokenSubject): Promise<Headers> => {
    const request = { subject, clientId: 'c', lifetimeSeconds: 0, withRefresh: false };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { authorization: `Bearer ${accessToken}` };
  };
  const carl = () => tokenOf({ kind: 'customer', id: 'c'.repeat(24) });
  const ask = (headers: Headers = bob.headers, id: string = ID) =>
    call('POST', '/v1/devices?request_transfer=true', { id }, headers);
  const idOf = (reply: { body: Record<string, unknown> }) => String(reply.body.transfer_id);
  const answer = (id: string, what: 'approve' | 'decline', headers: Headers = ann.headers) =>
    call('POST', `/v1/device_transfers/${id}/${what}`, {}, headers);
  const transfers = async (headers: Headers) =>
    (await call('GET', '/v1/device_transfers', undefined, headers)).body.transfers;
  const linkOf = (mail = test.mailer.sent.at(-1)) =>
    /http:\/\/127\.0\.0\.1:8080(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const ownerOf = async () => (await findDevice(store.db, ID))?.ownerId;
  const page = async (method: 'GET' | 'POST', url: string, form?: string) => {
    const headers = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await test.fastify.inject({ method, url, headers, ...(form !== undefined && { payload: form }) });
    return { status: reply.statusCode, headers: reply.headers, text: reply.body };
  };

  it('makes claim codes for accounts and customers, which no cache keeps', async () => {
    const reply = await test.fastify.inject({ method: 'POST', url: '/v1/device_claims', headers: ann.headers });
    expect([reply.statusCode, reply.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(reply.json()).toEqual({ claim_code: expect.stringMatching(/^.{63}$/), device_ids: [ID] });
    expect(await call('POST', '/v1/device_claims', { imei: '352753090000001' })).toEqual({
      status: 200,
      body: { claim_code: '352753090000001', device_ids: [ID] },
    });
    expect(await call('POST', '/v1/device_claims', { imei: '35' })).toEqual({
      status: 400,
      body: { ok: false, error: 'An imei has 15 digits', error_description: 'An imei has 15 digits' },
    });
    const product = '/v1/products/1042/device_claims';
    expect(await call('POST', product, {}, await carl())).toMatchObject({ status: 200, body: { device_ids: [] } });
    expect(await call('POST', product, {}, bob.headers)).toMatchObject({ status: 200 });
    expect(await call('POST', product, {}, ann.headers)).toEqual(DENIED);
    expect(await call('POST', '/v1/products/4711/device_claims', {}, ann.headers)).toEqual(DENIED);
    const own = await call('POST', product, {}, await tokenOf({ kind: 'product', id: '1042' }));
    expect(own).toMatchObject({ status: 403, body: { ok: false, error: expect.stringContaining('customer') } });
  });

  it('claims devices of products for their customers and members only', async () => {
    await changeDevice(store.db, ID, { owner_id: null });
    expect(await call('POST', '/v1/devices', { id: ID }, await carl())).toEqual(OWNED);
    await changeDevice(store.db, ID, { product_id: 1042 });
    expect(await call('POST', '/v1/devices', { id: ID }, ann.headers)).toEqual(OWNED);
    expect(await call('POST', '/v1/devices', { id: ID }, await carl())).toEqual({
      status: 200,
      body: { ok: true, deviceID: ID, user_id: 'c'.repeat(24), claimed: true, connected: false },
    });
    expect(await call('POST', '/v1/devices', { id: ID }, bob.headers)).toEqual(OWNED);
    expect(await ask(bob.headers)).toMatchObject({ status: 403, body: { error: expect.stringContaining('customer') } });
    expect(await ask(eve.headers)).toEqual(OWNED);
    expect(test.mailer.sent).toEqual([]);
  });

  it('lets nobody outside the team replace the key of an unowned device of a product', async () => {
    await changeDevice(store.db, ID, { owner_id: null, product_id: 1042 });
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const key = { publicKey: publicKey.export({ type: 'spki', format: 'pem' }) };
    const stored = async () => (await findDevice(store.db, ID))?.publicKey ?? null;
    expect(await call('POST', `/v1/provisioning/${ID}`, key, eve.headers)).toMatchObject({ status: 403 });
    expect(await stored()).toBeNull();
    expect(await call('POST', `/v1/provisioning/${ID}`, key, bob.headers)).toMatchObject({ status: 200 });
    expect(await stored()).not.toBeNull();
  });

  it('makes a new device in a product', async () => {
    expect(await call('POST', '/v1/devices', { product_id: 1042 })).toEqual(DENIED);
    expect(await call('POST', '/v1/devices', { product_id: 1043 })).toEqual(DENIED);
    expect(await call('POST', '/v1/devices', { product_id: '1042' }, await carl())).toEqual(DENIED);
    const made = await call('POST', '/v1/devices', { product_id: '1042' }, bob.headers);
    expect(made).toMatchObject({ status: 200, body: { owner: null, product_id: 1042, platform_id: 12 } });
    const stored = await findDevice(store.db, made.body.id as DeviceId);
    expect(stored).toMatchObject({ ownerId: null, productId: 1042, publicKey: null });
  });

  it('ends the firmware update of a device that is given up', async () => {
    commands.updates.set(ID, { id: 'u', images: [] });
    expect(await call('DELETE', `/v1/devices/${ID}`, {}, bob.headers)).toMatchObject({ status: 403 });
    expect(commands.updates.has(ID)).toBe(true);
    expect(await call('DELETE', `/v1/devices/${ID}`, {})).toEqual({ status: 200, body: { ok: true } });
    expect([commands.updates.has(ID), await ownerOf()]).toEqual([false, null]);
  });

  it('asks the owner by mail, and gives the device when the owner approves', async () => {
    const asked = await ask();
    expect(asked).toEqual({ status: 200, body: { ok: true, transfer_id: expect.stringMatching(/^[0-9a-f]{24}$/) } });
    expect(test.mailer.sent).toMatchObject([
      {
        to: 'ann@example.net',
        text: expect.stringMatching(/bob@example\.net.*<b>pump<\/b>.*\/device-transfer\?token=/s),
      },
    ]);
    const shared = { id: idOf(asked), device_id: ID, requested_by: 'bob@example.net', state: 'waiting' };
    const times = { created_at: expect.any(String), expires_at: expect.any(String) };
    expect(await transfers(ann.headers)).toEqual([
      { ...shared, ...times, device_name: '<b>pump</b>', direction: 'incoming' },
    ]);
    expect(await transfers(bob.headers)).toEqual([{ ...shared, ...times, device_name: null, direction: 'outgoing' }]);
    expect(await transfers(eve.headers)).toEqual([]);

    const text = 'No such transfer waits for an answer; it may be too old';
    const unknown = { status: 404, body: { ok: false, error: text, error_description: text } };
    expect(await answer(idOf(asked), 'approve', bob.headers)).toEqual(unknown);
    expect(await answer('0'.repeat(24), 'approve')).toEqual(unknown);
    expect(await answer(idOf(asked), 'approve')).toEqual({ status: 200, body: { ok: true } });
    expect(await ownerOf()).toBe(bob.id);
    expect(test.mailer.sent.at(-1)).toMatchObject({ to: 'bob@example.net', subject: 'A device is yours now' });
    expect(await answer(idOf(asked), 'decline')).toEqual(unknown);
    expect(await transfers(ann.headers)).toEqual([]);
    expect(await transfers(bob.headers)).toMatchObject([{ state: 'approved' }]);
  });

  it('sends one mail however often somebody asks, and takes no for a week', async () => {
    const both = await Promise.all([ask(), ask()]);
    const third = await ask();
    expect(new Set([...both, third].map(idOf)).size).toBe(1);
    expect(test.mailer.sent).toHaveLength(1);
    expect(await answer(idOf(third), 'decline')).toEqual({ status: 200, body: { ok: true } });
    expect(await ownerOf()).toBe(ann.id);
    expect(test.mailer.sent.at(-1)).toMatchObject({ to: 'bob@example.net', text: expect.stringContaining('declined') });
    const declined = 'Its owner has declined; ask again a week later';
    expect(await ask()).toEqual({
      status: 409,
      body: { ok: false, error: declined, error_description: declined },
    });
    clock.advance(days(7));
    expect((await ask()).status).toBe(200);
  });

  it('forgets a request after a week', async () => {
    const asked = await ask();
    const link = linkOf();
    clock.advance(days(7));
    expect((await answer(idOf(asked), 'approve')).status).toBe(404);
    expect((await page('GET', link)).status).toBe(404);
    expect([await transfers(ann.headers), await transfers(bob.headers)]).toEqual([[], []]);
  });

  it('gives nothing that has another owner by now', async () => {
    const asked = await ask();
    await changeDevice(store.db, ID, { owner_id: eve.id });
    const text = 'The device has another owner now, or may not go to whoever asked for it; nothing was changed';
    const moved = { status: 409, body: { ok: false, error: text, error_description: text } };
    expect(await answer(idOf(asked), 'approve')).toEqual(moved);
    expect((await page('GET', linkOf())).status).toBe(409);
    await changeDevice(store.db, ID, { owner_id: ann.id, product_id: 1042 });
    await store.db.updateTable('products').set({ owner_id: eve.id }).execute();
    expect(await answer(idOf(asked), 'approve')).toEqual(moved);
    expect(await ownerOf()).toBe(ann.id);
  });

  it('gives it once when two answers come at once', async () => {
    const asked = await ask();
    const answers = await Promise.all([answer(idOf(asked), 'approve'), answer(idOf(asked), 'approve')]);
    expect(answers.map(({ status }) => status).toSorted()).toSatisfy(
      ([first, second]: number[]) => first === 200 && (second === 404 || second === 409),
    );
    expect(await ownerOf()).toBe(bob.id);
  });

  it('lets an account wait for twenty devices', async () => {
    for (let made = 0; made < 21; made++) {
      const id = made.toString(16).padStart(24, '0') as DeviceId;
      await insertDevice(store.db, { id, name: 'n', platformId: 0, publicKey: null, ownerId: ann.id, at: 0 });
      const reply = await ask(bob.headers, id);
      expect(reply.status).toBe(made < 20 ? 200 : 429);
    }
    expect(test.mailer.sent).toHaveLength(20);
  });

  it('has asked nobody when the mail cannot be sent', async () => {
    test.mailer.send = () => Promise.reject(new Error('refused'));
    expect(await ask()).toMatchObject({ status: 503, body: { error: 'mail_unavailable' } });
    expect(await transfers(bob.headers)).toEqual([]);
  });

  it('claims at once what asks nobody, and asks only for accounts', async () => {
    expect(await ask(ann.headers)).toMatchObject({ status: 200, body: { claimed: true } });
    expect(await ask(await carl())).toEqual(OWNED);
    expect((await ask(bob.headers, 'wat')).status).toBe(404);
    await changeDevice(store.db, ID, { owner_id: null });
    expect(await ask()).toMatchObject({ status: 200, body: { claimed: true } });
  });

  it('shows the owner a page that works without any script', async () => {
    await ask();
    const link = linkOf();
    const shown = await page('GET', link);
    expect(shown.status).toBe(200);
    expect(shown.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(shown.text).toContain('bob@example.net');
    expect(shown.text).toContain('&lt;b&gt;pump&lt;/b&gt;');
    expect(shown.text).not.toMatch(/<script|<b>pump/);
    const token = new URL(link, 'http://x').searchParams.get('token') ?? '';
    expect((await page('POST', '/device-transfer', `token=${token}&answer=maybe`)).status).toBe(400);
    expect(await ownerOf()).toBe(ann.id);
    expect((await page('POST', '/device-transfer', `token=${token}&answer=approve`)).text).toContain('is given away');
    expect(await ownerOf()).toBe(bob.id);
    expect((await page('POST', '/device-transfer', `token=${token}&answer=decline`)).status).toBe(404);
    const noted = test.ambient.store.db.selectFrom('audit_entries').select(['actor_kind', 'actor_id', 'actor_name']);
    expect(await noted.where('operation', '=', 'answerDeviceTransfer').execute()).toEqual([
      { actor_kind: 'user', actor_id: ann.id, actor_name: 'ann@example.net' },
    ]);
    for (const url of [link, '/device-transfer', '/device-transfer?token=x']) {
      expect(await page('GET', url)).toMatchObject({
        status: 404,
        text: expect.stringContaining('cannot be answered'),
      });
    }
  });

  it('lets operators hand devices over', async () => {
    const operator = await test.addUser('op@example.net', { operator: true });
    const give = (owner: unknown, headers: Headers = operator.headers, id: string = ID) =>
      call('POST', `/v1/operator/devices/${id}/transfer`, { owner }, headers);
    expect((await give('bob@example.net', ann.headers)).status).toBe(403);
    expect((await give('nobody@example.net')).status).toBe(404);
    expect((await give('bob@example.net', operator.headers, 'f'.repeat(24))).status).toBe(404);
    expect((await give(7)).status).toBe(400);
    expect(await ownerOf()).toBe(ann.id);
    expect(await give('Bob@example.net', operator.headers, ID.toUpperCase())).toEqual({
      status: 200,
      body: { ok: true, id: ID, owner: 'bob@example.net' },
    });
    expect(await ownerOf()).toBe(bob.id);
    expect(await give(null)).toEqual({ status: 200, body: { ok: true, id: ID, owner: null } });
    expect(await ownerOf()).toBeNull();
  });
});
