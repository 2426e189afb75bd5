import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';

/** What the endpoint was sent, byte for byte. */
interface Heard {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const DEVICE = 'e00fce68a1b2c3d4e5f60718';
const DATA = '{"t":21.5,"note":"5 > 4 & \\"ok\\"","list":[{"lat":60.17}]}';
const MASK = '[[SENSITIVE]]';
const FORM = 'application/x-www-form-urlencoded';

let cloud: CloudServer;
let client: Particle;
let endpoint: Server;
let url: string;
let heard: Heard[] = [];

beforeAll(async () => {
  endpoint = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method, url: target, headers } = request;
    heard.push({ method, target, headers, body: Buffer.concat(parts).toString('latin1') });
    response.end('thanks');
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const address = endpoint.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  cloud = await startServer({ env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1' } });
  client = await logIn(cloud);
});
afterAll(async () => {
  await cloud?.dispose();
  endpoint?.close();
});

interface Example {
  readonly what: string;
  /** As it is sent to the API; the address is added where it has none, a path is put behind it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What GET shows otherwise than it was sent. */
  readonly shown?: Readonly<Record<string, unknown>>;
  readonly method?: string;
  readonly target?: (at: string) => string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body: (at: string) => string;
}

const form = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
const fourFields = (event: string, at: string) => ({ event, data: DATA, published_at: at, coreid: DEVICE });

const EXAMPLES: readonly Example[] = [
  {
    what: 'an event and an address only: the four fields as a form',
    settings: { event: 'temperature' },
    headers: { 'content-type': FORM, accept: undefined, authorization: undefined },
    body: (at) => form(fourFields('temperature', at)),
  },
  {
    what: 'the file of the documented command line',
    settings: {
      event: 'librato_',
      path: '/v1/metrics',
      name: 'Publish to Librato',
      requestType: 'POST',
      auth: { username: 'YOUR_LIBRATO_USERNAME', password: 'YOUR_LIBRATO_ACCESS_TOKEN' },
      json: {
        gauges: [
          { name: '{{PARTICLE_EVENT_NAME}}', value: '{{PARTICLE_EVENT_VALUE}}', source: '{{PARTICLE_DEVICE_ID}}' },
        ],
      },
      mydevices: true,
    },
    shown: { auth: { username: 'YOUR_LIBRATO_USERNAME', password: MASK } },
    target: () => '/v1/metrics',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Basic ${Buffer.from('YOUR_LIBRATO_USERNAME:YOUR_LIBRATO_ACCESS_TOKEN').toString('base64')}`,
    },
    body: (at) => {
      const escaped = DATA.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('>', '&gt;');
      return JSON.stringify({
        gauges: [{ name: 'librato_', value: escaped, source: DEVICE }],
        ...fourFields('librato_', at),
      });
    },
  },
  {
    what: 'JSON as a text, whose numbers stay numbers',
    settings: { event: 'temp', json: '{"celsius":{{{t}}},"lat":{{list.0.lat}}}', noDefaults: true },
    headers: { 'content-type': 'application/json' },
    body: () => '{"celsius":21.5,"lat":60.17}',
  },
  {
    what: 'a GET with a query',
    settings: {
      event: 'temp',
      requestType: 'GET',
      path: '/in?fixed=1',
      query: { 'the_{{PARTICLE_EVENT_NAME}}': '{{t}}' },
      noDefaults: true,
    },
    method: 'GET',
    target: () => '/in?fixed=1&the_temp=21.5',
    headers: { 'content-type': undefined },
    body: () => '',
  },
  {
    what: 'a GET with the four fields in its query',
    settings: { event: 'temp', requestType: 'GET' },
    method: 'GET',
    target: (at) => `/?${form(fourFields('temp', at))}`,
    body: () => '',
  },
  {
    what: 'a form of its own, raw texts in it',
    settings: {
      event: 'note',
      form: { text: '{{{note}}}', escaped: '{{note}}' },
      noDefaults: true,
      requestType: 'PUT',
    },
    method: 'PUT',
    headers: { 'content-type': FORM },
    body: () => form({ text: '5 > 4 & "ok"', escaped: '5 &gt; 4 &amp; &quot;ok&quot;' }),
  },
  {
    what: 'a raw body with a content type of its own',
    settings: {
      event: 'temp',
      body: '<t>{{t}}</t>{{#list}}<at>{{lat}}</at>{{/list}}{{^none}}!{{/none}}',
      headers: { 'Content-Type': 'text/xml', 'X-{{PARTICLE_EVENT_NAME}}': 'yes' },
    },
    headers: { 'content-type': 'text/xml', 'x-temp': 'yes' },
    body: () => '<t>21.5</t><at>60.17</at>!',
  },
  {
    what: 'a bearer token, and header fields that are secrets',
    settings: { event: 'temp', auth: { bearer: 'abc123' }, headers: { 'X-Api-Key': 'k3y' }, body: 'x' },
    shown: { auth: { bearer: MASK }, headers: { 'X-Api-Key': MASK } },
    headers: { authorization: 'Bearer abc123', 'x-api-key': 'k3y' },
    body: () => 'x',
  },
  {
    what: 'a DELETE with variables in its address',
    settings: { event: 'gone', requestType: 'DELETE', path: '/things/{{PARTICLE_DEVICE_ID}}', noDefaults: true },
    method: 'DELETE',
    target: () => `/things/${DEVICE}`,
    body: () => '',
  },
  {
    what: 'keys that this cloud does not know, which are kept',
    settings: { event: 'temp', body: 'x', template: 'from-a-gallery', myOwn: { deep: [1, null, 'x'] } },
    body: () => 'x',
  },
];

it.each(EXAMPLES)('$what', async ({ settings, shown = {}, method = 'POST', target, headers = {}, body }) => {
  const { path = '/', ...rest } = settings;
  const sent = { url: `${url}${path}`, ...rest };
  const { id } = (await client.post({ uri: '/v1/integrations', data: sent })).body as { id: string };
  const { integration } = (await client.get({ uri: `/v1/integrations/${id}` })).body as {
    integration: Record<string, unknown>;
  };
  expect(integration).toMatchObject({ ...sent, ...shown });

  heard = [];
  const data = { data: DATA, device_id: DEVICE };
  const reply = await client.post({ uri: `/v1/integrations/${id}/test`, data });
  expect(reply.body).toEqual({ pass: true, data: 'thanks' });
  const [request] = heard;
  expect(heard).toHaveLength(1);
  const text = decodeURIComponent(`${request?.target} ${request?.body}`);
  const at = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.exec(text)?.[0] ?? 'no time';
  expect(request).toMatchObject({ method, target: target?.(at) ?? '/', body: body(at) });
  for (const [name, value] of Object.entries(headers)) expect(request?.headers[name], name).toBe(value);
  expect(request?.headers['user-agent']).toContain('ParticleBot');
  expect(Number(request?.headers['content-length'] ?? 0)).toBe(request?.body.length);

  // What was read can be sent back: nothing changes, secrets neither.
  await client.put({ uri: `/v1/integrations/${id}`, data: integration });
  const again = (await client.get({ uri: `/v1/integrations/${id}` })).body as { integration: Record<string, unknown> };
  expect(again.integration).toMatchObject({ ...sent, ...shown });
  await client.post({ uri: `/v1/integrations/${id}/test`, data });
  expect(heard[1]?.headers.authorization).toBe(request?.headers.authorization);
  expect(heard[1]?.headers['x-api-key']).toBe(request?.headers['x-api-key']);
});
