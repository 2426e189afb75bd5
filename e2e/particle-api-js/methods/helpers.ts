import Particle from 'particle-api-js';
import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import { type Methods, works } from './method.ts';
import { anonymous, newcomer } from './world.ts';

const uri = '/v1/user';

export const helperMethods: Methods = {
  setContext: works(async ({ server, annAccount }) => {
    const client = new Particle({ baseUrl: server.url });
    client.setContext('tool', { name: 'cli', version: '3.49.2' });
    client.setContext('project', { name: 'blinky', version: '1.0.0' });
    expect((await client.login(annAccount)).body.access_token).toMatch(/./);
  }),
  setDefaultAuth: works(async (world) => {
    const client = anonymous(world);
    client.setDefaultAuth((await client.login(world.annAccount)).body.access_token);
    expect((await client.getUserInfo({})).body).toMatchObject({ username: world.annAccount.username });
  }),
  setBaseUrl: works(async ({ server, annAccount }) => {
    const client = new Particle({ baseUrl: 'http://127.0.0.1:9' });
    client.setBaseUrl(server.url);
    expect((await client.login(annAccount)).body.access_token).toMatch(/./);
  }),
  deviceUri: works(async ({ ann, device, product, productDevice }) => {
    for (const place of [{ deviceId: device.deviceId }, { deviceId: productDevice.deviceId, product }]) {
      const { body } = await ann.get({ uri: ann.deviceUri(place) });
      expect(body).toMatchObject({ id: place.deviceId });
    }
  }),
  request: works(async ({ ann, annAccount }) => {
    const reply = (await ann.request({ uri, method: 'get', auth: ann.auth ?? '' })) as { body: unknown };
    expect(reply.body).toMatchObject({ username: annAccount.username });
  }),
  get: works(async ({ ann, annAccount }) => {
    expect((await ann.get({ uri, query: { a: 'b' } })).body).toMatchObject({ username: annAccount.username });
  }),
  head: works(async ({ ann }) => {
    const { status, body } = await refusalOf(ann.head({ uri: '/v1/nothing' }));
    expect([status, body]).toEqual([404, expect.anything()]);
  }),
  post: works(async (world) => {
    const { body } = await world.ann.post({ uri: '/v1/devices/events', data: { name: 'posted', data: 'x' } });
    expect(body).toMatchObject({ ok: true });
  }),
  put: works(async (world) => {
    const { client } = await newcomer(world);
    const { body } = await client.put({ uri, data: { account_info: { first_name: 'Pia' } } });
    expect(body).toMatchObject({ ok: true });
  }),
  patch: works(async ({ ann }) => {
    const { status, body } = await refusalOf(ann.patch({ uri, data: {} }));
    expect([status, body]).toMatchObject([405, { error: 'method_not_allowed' }]);
  }),
  delete: works(async (world) => {
    const { body: token } = await anonymous(world).login(world.annAccount);
    const gone = await world.ann.delete({ uri: `/v1/access_tokens/${token.access_token}` });
    expect(gone.body).toMatchObject({ ok: true });
  }),
  client: works(async ({ ann, device }) => {
    const client = ann.client({ auth: ann.auth ?? '' });
    expect(client.ready()).toBe(true);
    const { body } = await client.listDevices();
    expect(body).toContainEqual(expect.objectContaining({ id: device.deviceId }));
  }),
};
