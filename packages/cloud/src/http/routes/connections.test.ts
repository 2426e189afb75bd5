import type { ConnectionOutcome } from '@cloudchamber/gateway';
import { type DeviceId, minutes, seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { everyRoute } from '../../../test/http/every-route.ts';
import { addTenant, type Caller } from '../../../test/http/tenants.ts';
import { AttemptRecorder } from '../../domain/connections/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { findDevice } from '../../domain/devices/index.ts';
import { keyFingerprint } from '../../domain/server-keys/index.ts';

const UNKNOWN = 'e00fce6800000000000000ee' as DeviceId;
const KEY = Buffer.from('the key that was shown');
const OLD_KEY = Buffer.from('the key that is registered');

describeStores('the routes of the connection doctor', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    const commands = new FakeDeviceCommands();
    const { server, store } = await everyRoute({ store: await open({ clock }), clock, commands });
    const mine = await addTenant(server, 'mine', 1);
    const other = await addTenant(server, 'other', 2);
    const operator = await server.addUser('operator@example.net', { operator: true });
    clock.advance(seconds(10));
    const recorder = await AttemptRecorder.open(server.ambient);
    const note = async (deviceId: DeviceId | undefined, more: Partial<ConnectionOutcome> = {}) => {
      const peer = { transport: 'udp', address: '192.0.2.7', port: 40_000, publicKey: KEY, keyProved: true } as const;
      const named = deviceId === undefined ? {} : { deviceId };
      const ended = more.stage === 'admitted' ? {} : ({ stage: 'hello', reason: 'key_mismatch' } as const);
      recorder.note({ ...peer, stage: 'admitted', ...ended, at: clock.now(), ...named, ...more });
      await recorder.flush();
    };
    const ask = async (who: Pick<Caller, 'headers'>, url: string, method: 'GET' | 'POST' = 'GET') => {
      const reply = await server.fastify.inject({ method, url: `/v1/${url}`, headers: { ...who.headers } });
      return { status: reply.statusCode, body: reply.json() };
    };
    const idsFor = async (who: Pick<Caller, 'headers'>, url: string) => {
      const { status, body } = await ask(who, url);
      return status === 200 ? body.connections.map(({ id }: { id: number }) => id) : status;
    };
    const change = (id: DeviceId, changes: { owner_id?: string | null; public_key?: Buffer; claimed_at?: number }) =>
      store.db.updateTable('devices').set(changes).where('id', '=', id).execute();
    const keyOf = async (id: DeviceId) => {
      const key = (await findDevice(store.db, id))?.publicKey;
      return key ? Buffer.from(key) : null;
    };
    return { server, store, clock, commands, mine, other, operator, recorder, note, ask, idsFor, change, keyOf };
  }

  it('show an operator every attempt, with what is registered and what to do', async () => {
    const { mine, operator, note, ask, change, clock } = await setUp();
    await change(mine.ownDeviceId, { public_key: OLD_KEY });
    await note(mine.ownDeviceId);
    const { status, body } = await ask(operator, 'connections');
    expect(status).toBe(200);
    const at = new Date(clock.now()).toISOString();
    expect(body).toEqual({
      connections: [
        {
          id: 1,
          device_id: mine.ownDeviceId,
          device_name: 'mine-3',
          transport: 'udp',
          address: '192.0.2.7',
          port: 40_000,
          stage: 'hello',
          outcome: 'refused',
          reason: 'key_mismatch',
          key_fingerprint: keyFingerprint(KEY),
          registered_fingerprint: keyFingerprint(OLD_KEY),
          count: 1,
          first_at: at,
          last_at: at,
          next_step: {
            text: expect.stringContaining('approve the key of this attempt'),
            command: `particle keys doctor ${mine.ownDeviceId}`,
          },
          can_approve: true,
        },
      ],
      meta: { next_before: null },
    });
  });

  it('are searched by device, address and outcome, page by page', async () => {
    const { mine, operator, note, ask, idsFor } = await setUp();
    await note(mine.ownDeviceId);
    await note(mine.deviceId, { address: '2001:DB8::1' });
    await note(undefined, { reason: 'wrong_server_key', stage: 'client_hello', keyProved: false });
    await note(UNKNOWN, { reason: 'unknown_device' });
    await note(mine.ownDeviceId, { stage: 'admitted' });
    expect(await idsFor(operator, 'connections')).toEqual([5, 4, 3, 2, 1]);
    expect(await idsFor(operator, `connections?device=${mine.ownDeviceId.toUpperCase()}`)).toEqual([5, 1]);
    expect(await idsFor(operator, 'connections?address=2001:db8::1')).toEqual([2]);
    expect(await idsFor(operator, 'connections?address=::ffff:192.0.2.7')).toEqual([5, 4, 3, 1]);
    expect(await idsFor(operator, 'connections?outcome=failed')).toEqual([3]);
    expect(await idsFor(operator, `connections?outcome=refused&device=${UNKNOWN}`)).toEqual([4]);
    const first = await ask(operator, 'connections?limit=2');
    expect(first.body.meta.next_before).toBe(4);
    expect(await idsFor(operator, 'connections?limit=3&before=4')).toEqual([3, 2, 1]);
    expect((await ask(operator, 'connections?limit=3&before=4')).body.meta.next_before).toBeNull();
    for (const wrong of ['device=lamp', 'address=192.0.2', 'outcome=lost', 'limit=0', 'before=x']) {
      expect((await ask(operator, `connections?${wrong}`)).status).toBe(400);
    }
  });

  it('are for operators, owners and members', async () => {
    const { mine, other, note, idsFor } = await setUp();
    await note(mine.deviceId);
    await note(mine.ownDeviceId);
    await note(undefined, { reason: 'timed_out', stage: 'client_hello' });
    const ofProduct = `products/${mine.productId}/connections`;
    const ofMember = `products/${mine.productId}/devices/${mine.deviceId}/connections`;
    expect(await idsFor(mine.owner, 'connections')).toBe(403);
    expect(await idsFor(mine.owner, `devices/${mine.ownDeviceId}/connections`)).toEqual([2]);
    expect(await idsFor(mine.customer, `devices/${mine.deviceId}/connections`)).toEqual([1]);
    expect(await idsFor(mine.customer, `devices/${mine.ownDeviceId}/connections`)).toBe(403);
    expect(await idsFor(mine.member('View-only'), ofProduct)).toEqual([1]);
    expect(await idsFor(mine.member('View-only'), ofMember)).toEqual([1]);
    expect(await idsFor(mine.productToken, `${ofProduct}?device=${mine.ownDeviceId}`)).toEqual([]);
    expect(await idsFor(mine.owner, `products/${mine.productId}/devices/${mine.ownDeviceId}/connections`)).toBe(404);
    for (const url of [ofProduct, ofMember, `devices/${mine.deviceId}/connections`]) {
      expect(await idsFor(other.owner, url)).toBe(403);
    }
  });

  it('are shown to an account of all its devices since it claimed them', async () => {
    const { mine, other, note, ask, idsFor, change, clock } = await setUp();
    await note(mine.ownDeviceId);
    await note(UNKNOWN, { reason: 'unknown_device' });
    clock.advance(minutes(5));
    await change(mine.ownDeviceId, { claimed_at: clock.now(), public_key: OLD_KEY });
    await note(mine.ownDeviceId);
    await note(other.ownDeviceId, { address: '192.0.2.8' });
    await note(mine.ownDeviceId, { stage: 'admitted' });
    expect(await idsFor(mine.owner, 'user/connections')).toEqual([5, 3]);
    expect(await idsFor(other.owner, 'user/connections')).toEqual([4]);
    expect(await idsFor(mine.owner, `user/connections?device=${other.ownDeviceId}`)).toEqual([]);
    expect(await idsFor(mine.owner, 'user/connections?address=192.0.2.7&outcome=refused&before=5')).toEqual([3]);
    expect(await idsFor(mine.owner, 'user/connections?address=lamp')).toBe(400);
    expect(await idsFor(mine.customer, 'user/connections')).toBe(403);
    const { body } = await ask(mine.owner, 'user/connections?outcome=refused');
    expect(body.connections).toMatchObject([{ device_id: mine.ownDeviceId, device_name: 'mine-3', can_approve: true }]);
  });

  it('show nothing from before a device was claimed or joined', async () => {
    const { mine, store, note, idsFor, ask, change, clock } = await setUp();
    await note(mine.ownDeviceId);
    await note(mine.deviceId);
    clock.advance(minutes(5));
    await change(mine.ownDeviceId, { claimed_at: clock.now() });
    const joined = { joined_product_at: clock.now(), owner_id: null };
    await store.db.updateTable('devices').set(joined).where('id', '=', mine.deviceId).execute();
    await note(mine.ownDeviceId);
    expect(await idsFor(mine.owner, `devices/${mine.ownDeviceId}/connections`)).toEqual([3]);
    expect(await idsFor(mine.owner, `products/${mine.productId}/connections`)).toEqual([]);
    const approve = (url: string) => ask(mine.owner, url, 'POST');
    expect(await approve(`devices/${mine.ownDeviceId}/connections/1/approve-key`)).toMatchObject({ status: 404 });
    const inProduct = `products/${mine.productId}/devices/${mine.deviceId}/connections/2/approve-key`;
    expect(await approve(inProduct)).toMatchObject({ status: 404 });
  });

  it('let an operator approve the key of a device that nobody knew, once, and say so in the audit log', async () => {
    const { operator, note, ask, keyOf } = await setUp();
    await note(UNKNOWN, { reason: 'unknown_device' });
    const approved = await ask(operator, 'operator/connections/1/approve-key', 'POST');
    expect(approved).toEqual({ status: 200, body: { ok: true } });
    expect(await keyOf(UNKNOWN)).toEqual(KEY);
    const { body } = await ask(operator, `connections?device=${UNKNOWN}`);
    expect(body.connections).toMatchObject([
      { registered_fingerprint: keyFingerprint(KEY), can_approve: false, next_step: { command: null } },
    ]);
    expect(await ask(operator, 'operator/connections/1/approve-key', 'POST')).toMatchObject({
      status: 409,
      body: { error: 'connection.key_registered' },
    });
    const audit = await ask(operator, 'operator/audit?operation=approveKey');
    expect(audit.body.entries).toMatchObject([{ object: { params: { connectionId: '1' } } }]);
  });

  it('let an owner approve the key of the own device, which ends a session under the old one', async () => {
    const { mine, other, commands, note, ask, change, keyOf } = await setUp();
    await change(mine.ownDeviceId, { public_key: OLD_KEY });
    await note(mine.ownDeviceId);
    const url = `devices/${mine.ownDeviceId}/connections/1/approve-key`;
    expect(await ask(other.owner, url, 'POST')).toMatchObject({ status: 403 });
    expect(await ask(other.owner, `devices/${other.ownDeviceId}/connections/1/approve-key`, 'POST')).toMatchObject({
      status: 404,
    });
    expect(await keyOf(mine.ownDeviceId)).toEqual(OLD_KEY);
    expect(await ask(mine.owner, url, 'POST')).toEqual({ status: 200, body: { ok: true } });
    expect(await keyOf(mine.ownDeviceId)).toEqual(KEY);
    expect(commands.ended).toEqual([mine.ownDeviceId]);
  });

  it('let a product approve keys of its devices that nobody owns', async () => {
    const { mine, note, ask, change, keyOf } = await setUp();
    await note(mine.deviceId, { reason: 'no_key_registered' });
    const list = `products/${mine.productId}/connections`;
    const url = `products/${mine.productId}/devices/${mine.deviceId}/connections/1/approve-key`;
    const canApprove = async (who: Caller) => (await ask(who, list)).body.connections[0].can_approve;
    // It is the customer's.
    expect(await canApprove(mine.productToken)).toBe(false);
    expect(await ask(mine.productToken, url, 'POST')).toMatchObject({
      status: 403,
      body: { error: 'connection.owner_must_approve' },
    });
    await change(mine.deviceId, { owner_id: null });
    expect(await canApprove(mine.member('View-only'))).toBe(false);
    expect(await ask(mine.member('View-only'), url, 'POST')).toMatchObject({ status: 403 });
    expect(await keyOf(mine.deviceId)).toBeNull();
    expect(await canApprove(mine.member('Developer'))).toBe(true);
    expect(await ask(mine.member('Developer'), url, 'POST')).toEqual({ status: 200, body: { ok: true } });
    expect(await keyOf(mine.deviceId)).toEqual(KEY);
  });

  it('let nobody approve a key that was not proved, or an attempt that there is not', async () => {
    const { mine, operator, note, ask, keyOf } = await setUp();
    await note(mine.ownDeviceId, { keyProved: false, stage: 'secured', reason: 'unreadable', transport: 'tcp' });
    await note(undefined, { reason: 'bad_proof', keyProved: false });
    const { body } = await ask(operator, 'connections');
    expect(body.connections).toMatchObject([{ can_approve: false }, { can_approve: false }]);
    for (const id of [1, 2]) {
      expect(await ask(operator, `operator/connections/${id}/approve-key`, 'POST')).toMatchObject({
        status: 409,
        body: { error: 'connection.nothing_to_approve' },
      });
    }
    for (const id of ['3', '0', 'x', '1e3', '99999999999999999999']) {
      expect(await ask(operator, `operator/connections/${id}/approve-key`, 'POST')).toMatchObject({ status: 404 });
    }
    expect(await keyOf(mine.ownDeviceId)).toBeNull();
  });

  it('sum up the last 24 hours for operators', async () => {
    const { mine, operator, note, ask, clock } = await setUp();
    await note(mine.deviceId, { reason: 'denied' });
    clock.advance(minutes(60 * 24 + 1));
    await note(mine.deviceId);
    await note(mine.deviceId);
    await note(mine.ownDeviceId);
    await note(undefined, { reason: 'timed_out', stage: 'client_hello' });
    const { body } = await ask(operator, 'connections/summary');
    expect(body).toEqual({
      since: new Date(clock.now() - minutes(60 * 24)).toISOString(),
      counts: [
        { transport: 'udp', outcome: 'refused', reason: 'key_mismatch', count: 3 },
        { transport: 'udp', outcome: 'failed', reason: 'timed_out', count: 1 },
      ],
      left_out: { since: expect.any(String), count: 0 },
    });
    expect((await ask(mine.owner, 'connections/summary')).status).toBe(403);
  });
});
