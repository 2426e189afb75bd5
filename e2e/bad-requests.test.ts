import { connect } from 'node:net';
import type { VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { logIn, refusalOf } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { addDevice } from './harness/devices.ts';
import { rawHttp, spaces } from './harness/raw-http.ts';

const MB = 1024 * 1024;
const BIG = 200 * MB;
/** Garbage collection is free to leave this much lying about: less than the body, and twice what is usual. */
const MEMORY_SLACK = 150 * MB;
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

let server: CloudServer;
let client: Particle;
let echo: VirtualDevice;
let authorization: { readonly authorization: string };

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  authorization = { authorization: `Bearer ${client.auth}` };
  echo = await addDevice(server, client, 'echo');
});
afterEach(async () => {
  const { body } = await client.getVariable({ deviceId: echo.deviceId, name: 'ratio' });
  expect(body.result).toBe(21.5);
  expect(server.program.stderr).not.toContain('bug while serving');
});
afterAll(async () => {
  await echo?.disconnect();
  await server?.dispose();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** @throws AssertionError when the answer is not a JSON object: clients fail on anything else */
async function ask(method: string, path: string, init: Omit<RequestInit, 'method'> = {}): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, { ...init, method });
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const body: unknown = JSON.parse(text);
  expect(body).toBeTypeOf('object');
  expect(Array.isArray(body) || body === null).toBe(false);
  return { status: response.status, body: body as Record<string, unknown> };
}

const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
  ask('POST', path, { body, headers: { ...authorization, ...headers } });

describe('bodies', () => {
  it.each([
    ['that are no JSON', '{"id": '],
    ['that are JSON, but no object', '[1, 2]'],
    ['that are JSON, but null', 'null'],
    ['with a wrong type', '{"id": 5}'],
    ['with an object for a text', '{"id": {"$ne": null}}'],
    ['with a yes or no that is neither', '{"id": "0123456789abcdef01234567", "request_transfer": "maybe"}'],
    ['that reach for a prototype', '{"__proto__": {"id": "x"}, "id": "x"}'],
    ['nested without end', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['with bytes that are no UTF-8', '{"id": "\ud800"}'],
  ])('%s are refused', async (_what, body) => {
    const { status, body: answer } = await post('/v1/devices', body);
    expect([400, 404]).toContain(status);
    expect(JSON.stringify(answer)).toMatch(/error/);
  });

  it('of another type are refused', async () => {
    const { status, body } = await post('/v1/devices', '<id>1</id>', { 'content-type': 'text/xml' });
    expect(status).toBe(415);
    expect(body).toMatchObject({ error: 'unsupported_media_type' });
  });

  it.each([
    ['too many fields', Array.from({ length: 2000 }, (_, index) => `f${index}=1`).join('&')],
    ['too deep fields', `a${'[b]'.repeat(50)}=1`],
    ['names that JavaScript reserves', '__proto__[admin]=1&id=x'],
    ['a number that is none', 'grant_type=password&username=a%40b.c&password=x&expires_in=soon'],
  ])('that are forms with %s are refused', async (_what, form) => {
    const { status, body } = await post('/oauth/token', form, FORM_TYPE);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
  });

  it('of other commands with wrong types are refused', async () => {
    const device = `/v1/devices/${echo.deviceId}`;
    const put = (body: object) =>
      ask('PUT', device, { body: JSON.stringify(body), headers: { ...authorization, ...JSON_TYPE } });
    expect((await put({})).status).toBe(400);
    expect((await put({ name: ['a'] })).status).toBe(400);
    expect((await put({ name: '' })).status).toBe(400);
    expect((await put({ signal: 'perhaps' })).status).toBe(400);
    expect((await post(`${device}/echo`, '{"args": ["a"]}')).status).toBe(400);
    expect((await post('/v1/devices/events', '{"name": 5}')).status).toBe(400);
    expect((await post('/v1/devices/events', '{"name": "a", "ttl": -1}')).status).toBe(400);
    expect((await post('/v1/devices/events', '{"name": "a", "data": {"b": 1}}')).status).toBe(400);
    expect((await post(`/v1/provisioning/${echo.deviceId}`, '{"publicKey": "no key"}')).status).toBe(400);
  });
});

describe('a body of 200 MB', () => {
  it.each([
    ['announced', false],
    ['in chunks', true],
  ])('%s is refused with 413 and takes no memory', async (_how, chunked) => {
    const before = await server.peakBytes();
    const headers = `Host: x\r\nAuthorization: ${authorization.authorization}\r\nContent-Type: application/json\r\n`;
    const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${BIG}`;
    const head = `POST /v1/devices HTTP/1.1\r\n${headers}${framing}\r\n\r\n`;
    const { status, body } = await rawHttp(server.url, [head, ...spaces(BIG, chunked)]);
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({ error: 'payload_too_large' });
    expect((await server.peakBytes()) - before).toBeLessThan(MEMORY_SLACK);
  });
});

describe('an event of 100 MB', () => {
  it('is refused in words that the published client can show', async () => {
    const refusal = await refusalOf(client.publishEvent({ name: 'big', data: 'x'.repeat(100 * MB) }));
    expect(refusal).toMatchObject({ status: 413, body: { error: 'payload_too_large' } });
  });
});

describe('a client that is in no hurry', () => {
  it('does not keep the server from ending', async () => {
    const other = await startServer();
    const { hostname, port } = new URL(other.url);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => {});
    const hungUp = new Promise<void>((resolve) => slow.once('close', () => resolve()));
    slow.write(
      'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    // Answered in order: when this has come back, the server has seen what came before.
    await fetch(`${other.url}/healthz`);
    await other.stop();
    await hungUp;
    await other.dispose();
  });
});

describe('what is hardly HTTP', () => {
  it.each([
    ['headers beyond any measure', `GET /v1/devices HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(60_000)}\r\n\r\n`],
    ['no HTTP at all', '\u0016\u0003\u0001 hello, is this TLS?\r\n\r\n'],
    ['two lengths', 'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('%s is refused as JSON', async (_what, bytes) => {
    const { status, body } = await rawHttp(server.url, [bytes]);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: 'invalid_request', error_description: expect.any(String) });
  });
});

describe('routes that there are not', () => {
  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/v1', 404],
    ['GET', '/v1/nothing/here', 404],
    ['POST', '/v2/devices', 404],
    ['GET', '/v1/../../etc/passwd', 404],
    ['GET', '/v1/devices%2F..%2F..', 404],
    ['PUT', '/oauth/token', 405],
    ['PATCH', '/v1/devices', 405],
  ])('%s %s', async (method, path, status) => {
    const answer = await ask(method, path, { headers: authorization });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
  });

  it.each(['/v1/devices/%', '/v1/devices/%ff', '/v1/devices/%00', `/v1/devices/${'x'.repeat(5000)}`])(
    'GET %.40s',
    async (path) => {
      const { status } = await ask('GET', path, { headers: authorization });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );
});

describe('tokens that are none', () => {
  const bad = ['x', '0'.repeat(40), 'x'.repeat(8000), "' OR 1=1 --", '{"$gt":""}', '\u00e9\u00e9', '%00'];
  const invalid = {
    status: 401,
    body: { error: 'invalid_token', error_description: 'The access token provided is invalid.' },
  };

  it('are refused in the header', async () => {
    for (const token of bad) {
      const headers = { authorization: `Bearer ${token}` };
      expect(await ask('GET', '/v1/devices', { headers })).toEqual(invalid);
      expect(await ask('GET', '/v1/devices/events', { headers })).toEqual(invalid);
      expect(await ask('GET', `/v1/devices/${echo.deviceId}/ratio`, { headers })).toEqual(invalid);
    }
  });

  it('are refused in the query', async () => {
    for (const token of bad) {
      expect(await ask('GET', `/v1/devices?access_token=${encodeURIComponent(token)}`)).toEqual(invalid);
    }
  });

  it('are refused in the body', async () => {
    for (const token of bad) {
      const body = JSON.stringify({ access_token: token, id: echo.deviceId });
      expect(await ask('POST', '/v1/devices', { body, headers: JSON_TYPE })).toEqual(invalid);
      const form = new URLSearchParams({ access_token: token, args: '' });
      expect(await ask('POST', `/v1/devices/${echo.deviceId}/echo`, { body: form })).toEqual(invalid);
    }
  });

  it('count as missing when they are no text', async () => {
    const missing = {
      status: 400,
      body: { error: 'invalid_request', error_description: 'The access token was not found' },
    };
    expect(await ask('GET', '/v1/devices')).toEqual(missing);
    expect(await ask('GET', '/v1/devices', { headers: { authorization: 'Bearer' } })).toEqual(missing);
    expect(await ask('GET', '/v1/devices?access_token[]=x')).toEqual(missing);
    expect(await ask('GET', '/v1/devices?access_token=')).toEqual(missing);
    const body = JSON.stringify({ access_token: { $ne: null } });
    expect(await ask('POST', '/v1/devices', { body, headers: JSON_TYPE })).toEqual(missing);
  });

  it('are no secret for a client either', async () => {
    for (const basic of [
      '',
      '====',
      Buffer.from('no colon').toString('base64'),
      Buffer.from('a:b').toString('base64'),
    ]) {
      const headers = { ...FORM_TYPE, authorization: `Basic ${basic}` };
      const { status, body } = await ask('POST', '/oauth/token', { body: 'grant_type=client_credentials', headers });
      expect([400, 401]).toContain(status);
      expect(body).toMatchObject({ error: expect.stringMatching(/^invalid_(client|request)$/) });
      const listing = await ask('GET', '/v1/access_tokens', { headers });
      expect([400, 401]).toContain(listing.status);
    }
  });
});
