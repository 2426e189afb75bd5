import { randomUUID } from 'node:crypto';
import { BEHAVIOURS, deviceOs62, type VirtualDevice } from '@cloudchamber/virtual-device';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { type DeviceIdentity, newDeviceIdentity, powerOn } from './harness/devices.ts';
import { eventually } from './harness/eventually.ts';

/** The tutorial takes a Photon; this takes what a virtual device is by default. */
const PLATFORM = deviceOs62.platformId;

/** The steps of the customers' tutorial, from "Setup" to "Publish", with plain HTTP as its pages do it. */
describe('the customers tutorial', () => {
  let server: CloudServer;
  let identity: DeviceIdentity;
  let device: VirtualDevice;
  let owner: string;
  let productId: number;
  let client: { id: string; secret: string };
  let productToken: string;
  const customer = randomUUID();
  let customerToken: string;
  let claimCode: string;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await device?.disconnect();
    await server?.dispose();
  });

  /** One request with JSON both ways. */
  async function call(method: string, path: string, token: string | undefined, body?: object) {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const reply = await fetch(`${server.url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** One request with a form, as `/oauth/token` wants it. */
  async function form(path: string, fields: Record<string, string>) {
    const reply = await fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
    return { status: reply.status, body: JSON.parse(await reply.text()) };
  }

  const secret = () => ({ client_id: client.id, client_secret: client.secret });

  it('has a device that is in no product and unclaimed', async () => {
    const account = { username: 'ann@example.net', password: 'correct horse' };
    await clientOf(server).createUser({ ...account, accountInfo: {} });
    owner = (await clientOf(server).login(account)).body.access_token;
    identity = newDeviceIdentity();
    const operator = await form('/oauth/token', {
      grant_type: 'password',
      client_id: 'particle',
      client_secret: 'particle',
      ...server.operator,
    });
    const made = await call('POST', '/v1/operator/devices', operator.body.access_token, {
      id: identity.deviceId,
      public_key: identity.publicKeyPem,
      platform_id: PLATFORM,
    });
    expect(made).toMatchObject({ status: 200, body: { id: identity.deviceId, owner: null, product_id: PLATFORM } });
  });

  it('creates a product', async () => {
    const product = { name: 'Lamps', description: 'for the tutorial', platform_id: PLATFORM };
    const { status, body } = await call('POST', '/v1/user/products', owner, { product });
    expect([status, body.product]).toEqual([201, expect.objectContaining({ ...product, slug: 'lamps-v1' })]);
    productId = body.product.id;
  });

  it('creates a two-legged OAuth client', async () => {
    const { status, body } = await call('POST', `/v1/products/${productId}/clients`, owner, {
      name: 'Lamp server',
      type: 'installed',
    });
    expect([status, body.ok]).toEqual([200, true]);
    client = body.client;
    const listed = await call('GET', `/v1/products/${productId}/clients`, owner);
    expect(listed.body.clients).toEqual([expect.objectContaining({ id: client.id })]);
    expect(JSON.stringify(listed.body)).not.toContain(client.secret);
  });

  it('creates a product bearer token that never expires', async () => {
    const { status, body } = await form('/oauth/token', {
      grant_type: 'client_credentials',
      expires_in: '0',
      ...secret(),
    });
    expect([status, body.expires_in]).toEqual([200, 0]);
    productToken = body.access_token;
  });

  it('adds the device to the product', async () => {
    const { status, body } = await call('POST', `/v1/products/${productId}/devices`, productToken, {
      id: identity.deviceId,
    });
    expect([status, body.updated, body.updatedDeviceIds]).toEqual([200, 1, [identity.deviceId]]);
  });

  it('creates a shadow customer, and a token for it later', async () => {
    const created = await call('POST', `/v1/products/${productId}/customers`, undefined, {
      ...secret(),
      email: customer,
      no_password: true,
    });
    expect([created.status, created.body.token_type]).toEqual([201, 'bearer']);
    const { status, body } = await form('/oauth/token', {
      grant_type: 'client_credentials',
      scope: `customer=${customer}`,
      expires_in: '3600',
      ...secret(),
    });
    expect([status, body.expires_in]).toEqual([200, 3600]);
    customerToken = body.access_token;
  });

  it('creates a claim code', async () => {
    const { status, body } = await call('POST', `/v1/products/${productId}/device_claims`, customerToken, {});
    expect([status, body]).toEqual([200, { claim_code: expect.stringMatching(/^[A-Za-z0-9+/]{63}$/), device_ids: [] }]);
    claimCode = body.claim_code;
  });

  it('claims the device with it when it comes online', async () => {
    device = powerOn(server, identity, { behaviour: BEHAVIOURS.get('echo'), productId, productVersion: 1 });
    device.setClaimCode(claimCode);
    await device.connect();
    await eventually('the end of the claim code', () => device.claimCode === undefined);
    const { body } = await call('GET', `/v1/products/${productId}/devices/${identity.deviceId}`, productToken);
    expect(body).toMatchObject({ product_id: productId, owner: customer, online: true });
  });

  it('lists the customer with its device', async () => {
    const path = `/v1/products/${productId}/customers?page=1&perPage=25`;
    const { body } = await call('GET', path, productToken);
    expect(body).toMatchObject({
      customers: [{ username: customer, devices: [identity.deviceId] }],
      devices: [{ id: identity.deviceId, product_id: productId, online: true }],
      meta: { total_pages: 1 },
    });
  });

  it('unclaims it, and claims it to the customer by API', async () => {
    const owned = `/v1/products/${productId}/devices/${identity.deviceId}/owner`;
    expect(await call('DELETE', owned, productToken)).toEqual({ status: 200, body: { ok: true } });
    const claimed = await call('POST', '/v1/devices', customerToken, { id: identity.deviceId });
    expect(claimed).toMatchObject({ status: 200, body: { ok: true, claimed: true } });
    expect((await call('GET', '/v1/devices', customerToken)).body).toMatchObject([{ owner: customer }]);
  });

  it('calls a function and reads a variable with either token', async () => {
    const byProduct = `/v1/products/${productId}/devices/${identity.deviceId}`;
    const byCustomer = `/v1/devices/${identity.deviceId}`;
    for (const [path, token] of [
      [byProduct, productToken],
      [byCustomer, customerToken],
    ] as const) {
      expect(await call('POST', `${path}/echo`, token, { arg: 'D7,HIGH' })).toMatchObject({
        status: 200,
        body: { id: identity.deviceId, connected: true, return_value: 7 },
      });
      expect(await call('GET', `${path}/last`, token)).toMatchObject({
        status: 200,
        body: { name: 'last', result: 'D7,HIGH', coreInfo: { deviceID: identity.deviceId } },
      });
    }
    expect(await call('POST', `${byProduct}/echo`, customerToken, { arg: '' })).toMatchObject({ status: 403 });
    expect(await call('POST', `${byCustomer}/echo`, productToken, { arg: '' })).toMatchObject({ status: 403 });
  });

  it('publishes to the product, and as the customer to its device and the product', async () => {
    const heard: string[] = [];
    await device.subscribe('lamp/', ({ name, data }) => void heard.push(`${name} ${Buffer.from(data)}`));
    const streamed = await listen(`/v1/products/${productId}/events/lamp`, productToken);
    const product = await call('POST', `/v1/products/${productId}/events`, productToken, { name: 'lamp/a', data: '1' });
    const own = await call('POST', '/v1/devices/events', customerToken, { name: 'lamp/b', data: '2' });
    expect([product, own]).toEqual([
      { status: 200, body: { ok: true } },
      { status: 200, body: { ok: true } },
    ]);
    await eventually('both events', () => heard.length > 0 && streamed.names().length > 1);
    expect(heard).toEqual(['lamp/b 2']);
    expect(streamed.names()).toEqual(['lamp/a', 'lamp/b']);
    streamed.close();
  });

  /** Collects the names of a stream's events. */
  async function listen(path: string, token: string) {
    const ended = new AbortController();
    const reply = await fetch(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: ended.signal,
    });
    let text = '';
    void (async () => {
      for await (const chunk of reply.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => {});
    await eventually('the start of the stream', () => text.includes(':ok'));
    return {
      names: () => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
      close: () => ended.abort(),
    };
  }
});
