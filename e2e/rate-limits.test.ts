import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, signUp } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { newDeviceIdentity } from './harness/devices.ts';

let server: CloudServer;
beforeAll(async () => {
  server = await startServer({ env: { CHAMBER_RATE_LIMITS: 'on', CHAMBER_TRUST_PROXY: '127.0.0.1' } });
});
afterAll(() => server?.dispose());

/** What a proxy on this machine passes on. */
const from = (address: string): RequestInit => ({ headers: { 'x-forwarded-for': address } });

async function tryToLogIn(address: string): Promise<Response> {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'nobody', client_secret: 'x' });
  return fetch(`${server.url}/oauth/token`, { method: 'POST', body, ...from(address) });
}

describe('limits of requests', () => {
  it('stop the 101st log-in of an address, tell when to come back, and leave other addresses alone', async () => {
    for (let n = 0; n < 100; n++) expect((await tryToLogIn('192.0.2.1')).status).toBe(400);
    const refused = await tryToLogIn('192.0.2.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(200);
    expect(await refused.json()).toEqual({ error: 'too_many_requests', error_description: expect.any(String) });
    expect((await tryToLogIn('192.0.2.2')).status).toBe(400);
    expect((await fetch(`${server.url}/healthz`, from('192.0.2.1'))).status).toBe(200);
  });

  it('stop the 101st unknown device of an account, and none that is known', async () => {
    const client = await signUp(server, { username: 'ann@example.net', password: 'a long password' });
    const first = newDeviceIdentity();
    const register = (device: ReturnType<typeof newDeviceIdentity>, as: Particle = client) =>
      as.sendPublicKey({ deviceId: device.deviceId, key: device.publicKeyPem, algorithm: 'ecc' });
    await register(first);
    for (let n = 1; n < 100; n++) await register(newDeviceIdentity());
    const refusal = await refusalOf(register(newDeviceIdentity()));
    expect(refusal).toMatchObject({ status: 429, body: { error: 'too_many_requests' } });
    await client.claimDevice({ deviceId: first.deviceId });
    await register({ ...first, publicKeyPem: newDeviceIdentity().publicKeyPem });
    const other = await signUp(server, { username: 'ben@example.net', password: 'a long password' });
    await register(newDeviceIdentity(), other);
  });
});
