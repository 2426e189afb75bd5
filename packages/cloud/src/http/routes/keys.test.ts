import { seededEntropy, systemClock } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { decodeServerKeyFile, spkiFromPem } from '@cloudchamber/wire';
import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ServerKeyRing } from '../../domain/server-keys/index.ts';
import { createSecretBox } from '../../store/index.ts';
import { testServer } from '../test-server.ts';
import { keyRouteModule } from './keys.ts';

describeStores('server key routes', (open) => {
  async function setUp() {
    const store = await open();
    const entropy = seededEntropy(3);
    const secrets = createSecretBox(entropy.bytes(32), entropy);
    const serverKeys = await ServerKeyRing.open({ store, clock: systemClock, entropy, secrets });
    const server = await testServer(store, {
      routes: () => [keyRouteModule({ serverKeys, udpPort: 15_684, tcpPort: null })],
    });
    const { headers } = await server.addUser('op@example.net', { operator: true });
    const get = (url: string) => server.fastify.inject(url);
    const operate = (request: InjectOptions) => server.fastify.inject({ ...request, headers });
    return { store, serverKeys, get, operate };
  }

  describe('GET /v1/server-key', () => {
    it('is the P-256 key with the ports', async () => {
      const { serverKeys, get } = await setUp();
      const { spki, fingerprint } = serverKeys.newest('ec-p256');
      const key = (await get('/v1/server-key')).json();
      expect(key).toMatchObject({ algorithm: 'ecc', fingerprint, udp_port: 15_684, tcp_port: null });
      expect(spkiFromPem(key.public_key)).toEqual(new Uint8Array(spki));
      expect((await get('/v1/server-key?algorithm=rsa')).json()).toMatchObject({
        algorithm: 'rsa',
        fingerprint: serverKeys.newest('rsa-2048').fingerprint,
      });
    });

    it('is a file for devices, with the address or without', async () => {
      const { serverKeys, get } = await setUp();
      const { spki } = serverKeys.newest('ec-p256');
      const bare = await get('/v1/server-key?format=der');
      expect(bare.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="server-ecc.der"',
      });
      expect(bare.rawPayload.equals(spki)).toBe(true);
      const pem = await get('/v1/server-key?format=pem');
      expect(pem.body).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
      const file = await get(`/v1/server-key?format=der&host=${encodeURIComponent('$id.udp.example.net')}&port=5684`);
      expect(file.rawPayload).toHaveLength(320);
      expect(decodeServerKeyFile(file.rawPayload)).toEqual({
        spki: new Uint8Array(spki),
        address: { host: '$id.udp.example.net', port: 5684 },
      });
    });

    it('has the port that this server listens on, or the usual one, when none is named', async () => {
      const { get } = await setUp();
      const address = async (algorithm: string) =>
        decodeServerKeyFile((await get(`/v1/server-key?format=der&host=192.0.2.1&algorithm=${algorithm}`)).rawPayload)
          .address;
      expect(await address('ecc')).toEqual({ host: '192.0.2.1', port: 15_684 });
      expect(await address('rsa')).toEqual({ host: '192.0.2.1', port: 5683 });
    });

    it.each([
      'host=192.0.2.1',
      'format=pem&host=192.0.2.1',
      'format=der&port=5684',
      'format=der&host=192.0.2.1&port=0',
      'format=der&host=a%20b',
      'format=der&host=2001:db8::1',
      `format=der&host=${'a'.repeat(60)}.net`,
      'format=p12',
      'algorithm=dsa',
    ])('refuses ?%s', async (query) => {
      const { get } = await setUp();
      const reply = await get(`/v1/server-key?${query}`);
      expect([reply.statusCode, typeof reply.json().error]).toEqual([400, 'string']);
    });
  });

  it('rotate and retire keys', async () => {
    const { store, get, operate } = await setUp();
    const url = '/v1/operator/server-keys';
    const [first] = (await operate({ method: 'GET', url })).json().keys;
    expect(first).toMatchObject({ algorithm: 'ecc', devices: 0, retired_at: null });
    const rotated = await operate({ method: 'POST', url, payload: { algorithm: 'ecc' } });
    expect(rotated.statusCode).toBe(201);
    expect((await get('/v1/server-key')).json().fingerprint).toBe(rotated.json().fingerprint);
    const third = await operate({ method: 'POST', url, payload: {} });
    expect([third.statusCode, third.json().error]).toEqual([409, 'server_key.two_in_use']);

    const at = { created_at: 1, updated_at: 1, safe_mode: 0, updates_forced: 0, development: 0 };
    const device = { id: 'e00fce68a1b2c3d4e5f60718', name: 'd', platform_id: 32, server_key: first.fingerprint };
    await store.db
      .insertInto('devices')
      .values({ ...device, ...at })
      .execute();
    const refused = await operate({ method: 'DELETE', url: `${url}/${first.id}` });
    expect([refused.statusCode, refused.json().error]).toEqual([409, 'server_key.held_by_devices']);
    const retired = await operate({ method: 'DELETE', url: `${url}/${first.id}?force=true` });
    expect([retired.statusCode, retired.json()]).toEqual([200, { ok: true }]);
    const { keys } = (await operate({ method: 'GET', url })).json();
    expect(keys[0]).toMatchObject({ id: first.id, devices: 1, retired_at: expect.any(String) });
    const last = await operate({ method: 'DELETE', url: `${url}/${rotated.json().id}` });
    expect([last.statusCode, last.json().error]).toEqual([409, 'server_key.last']);
    const unknown = await operate({ method: 'DELETE', url: `${url}/${first.id}` });
    expect([unknown.statusCode, unknown.json().error]).toEqual([404, 'server_key.not_found']);
  });
});
