import { describe, expect, it } from 'vitest';
import type { TriggeringEvent } from './event-variables.ts';
import { parseSettings, type WebhookSettings } from './integration-settings.ts';
import { webhookRequest } from './webhook-request.ts';

const EVENT: TriggeringEvent = {
  id: '17',
  name: 'temp/kitchen',
  data: '{"room":"kit & chen","t":21.5,"list":[{"x":1}],"PARTICLE_DEVICE_ID":"forged"}',
  coreid: 'e00fce68a1b2c3d4e5f60718',
  ttlSeconds: 60,
  publishedAt: Date.UTC(2026, 1, 3, 8, 15, 22, 118),
  productId: 1042,
  ownerId: '5f1e2d3c4b5a697887960001',
  firmwareVersion: 7,
};
const PLAIN = { ...EVENT, data: '21.6' };
const AT = '2026-02-03T08:15:22.118Z';
const DEFAULTS = { event: 'temp/kitchen', data: '21.6', published_at: AT, coreid: EVENT.coreid };
const AGENT = { 'user-agent': 'CloudChamber/1.0 (compatible; ParticleBot/1.1)' };

const request = (input: Record<string, unknown>, event: TriggeringEvent = PLAIN) =>
  webhookRequest(
    parseSettings({ event: 'temp', url: 'http://example.net/in', ...input }, { kind: 'user' })
      .target as WebhookSettings,
    event,
  );

describe('webhookRequest', () => {
  it('posts the default fields as a form', () => {
    expect(request({})).toEqual({
      method: 'POST',
      url: 'http://example.net/in',
      headers: { ...AGENT, 'content-type': 'application/x-www-form-urlencoded' },
      body: `event=temp%2Fkitchen&data=21.6&published_at=2026-02-03T08%3A15%3A22.118Z&coreid=${EVENT.coreid}`,
      rejectUnauthorized: true,
      secrets: [],
    });
  });

  it('has them in the query of a GET, with the form', () => {
    const { url, body, method, headers } = request({
      requestType: 'GET',
      url: 'http://example.net/in?a=b#part',
      query: { q: '{{{PARTICLE_EVENT_VALUE}}}', event: 'mine' },
      form: { f: 'x y' },
    });
    expect({ method, body, headers }).toEqual({ method: 'GET', body: null, headers: AGENT });
    expect(url).toBe(
      `http://example.net/in?a=b&f=x%20y&q=21.6&event=mine&data=21.6&published_at=2026-02-03T08%3A15%3A22.118Z&coreid=${EVENT.coreid}`,
    );
  });

  it('sends nothing where nothing is to be sent', () => {
    expect(request({ noDefaults: true })).toMatchObject({ body: null, url: 'http://example.net/in', headers: AGENT });
    expect(request({ noDefaults: true, requestType: 'GET' }).url).toBe('http://example.net/in');
    expect(request({ noDefaults: true, requestType: 'DELETE' })).toMatchObject({ method: 'DELETE', body: null });
    expect(request({ query: { a: '1' } })).toMatchObject({
      url: 'http://example.net/in?a=1',
      body: expect.stringContaining('event='),
    });
  });

  it('merges them into JSON, where it has no such key', () => {
    const headers = { ...AGENT, accept: 'application/json', 'content-type': 'application/json' };
    const made = request({ json: { data: 'mine', '{{PARTICLE_EVENT_NAME}}': ['{{PARTICLE_DEVICE_ID}}', 5] } });
    expect(made.headers).toEqual(headers);
    expect(JSON.parse(made.body ?? '')).toEqual({ ...DEFAULTS, data: 'mine', 'temp/kitchen': [EVENT.coreid, 5] });
    expect(request({ json: { a: '{{t}}' }, noDefaults: true }, EVENT).body).toBe('{"a":"21.5"}');
    expect(JSON.parse(request({ json: {} }, { ...PLAIN, data: null }).body ?? '')).toEqual({ ...DEFAULTS, data: null });
  });

  it('renders JSON text as a whole, with numbers as they were written', () => {
    const json = '{ "n": {{{t}}}, "big": 12345678901234567890 }';
    expect(request({ json, noDefaults: true }, EVENT).body).toBe('{ "n": 21.5, "big": 12345678901234567890 }');
    const merged = request({ json }, { ...EVENT, data: '{"t":1}' }).body ?? '';
    expect(merged).toContain('"big": 12345678901234567890 ,"event":"temp/kitchen"');
    expect(JSON.parse(merged)).toMatchObject({ ...DEFAULTS, data: '{"t":1}', n: 1 });
    expect(JSON.parse(request({ json: ' {} ' }).body ?? '')).toEqual(DEFAULTS);
    expect(request({ json: '[{{{t}}}]' }, EVENT).body).toBe('[21.5]');
    expect(request({ json: '{"n": }' }).body).toBe('{"n": }');
  });

  it('sends a raw body as it is, without content type and default fields', () => {
    expect(request({ body: '<t>{{{t}}}</t>' }, EVENT)).toMatchObject({ body: '<t>21.5</t>', headers: AGENT });
    expect(request({ body: 'x', requestType: 'PUT' })).toMatchObject({ method: 'PUT', url: 'http://example.net/in' });
  });

  it('encodes forms with lists and groups', () => {
    expect(request({ noDefaults: true, form: { a: [1, { b: 'ä&' }], c: true, 'd e': null } }).body).toBe(
      'a%5B0%5D=1&a%5B1%5D%5Bb%5D=%C3%A4%26&c=true&d%20e=',
    );
  });

  it('knows every variable, and none that event data forge', () => {
    const names = [
      'PARTICLE_DEVICE_ID',
      'SPARK_CORE_ID',
      'PARTICLE_EVENT_NAME',
      'SPARK_EVENT_NAME',
      'PARTICLE_PUBLISHED_AT',
      'SPARK_PUBLISHED_AT',
      'PARTICLE_EVENT_ID',
      'PRODUCT_ID',
      'PRODUCT_USER_ID',
      'PRODUCT_VERSION',
      'room',
      'list.0.x',
      'none',
    ];
    const body = names.map((name) => `{{{${name}}}}`).join('|');
    expect(request({ body }, EVENT).body).toBe(
      [
        EVENT.coreid,
        EVENT.coreid,
        'temp/kitchen',
        'temp/kitchen',
        AT,
        AT,
        '17',
        '1042',
        EVENT.ownerId,
        '7',
        'kit & chen',
        '1',
        '',
      ].join('|'),
    );
    expect(request({ body: '{{room}} {{SPARK_EVENT_VALUE}}' }, { ...EVENT, data: '{"room":"<"}' }).body).toBe(
      '&lt; {&quot;room&quot;:&quot;&lt;&quot;}',
    );
    expect(request({ body: '{{PRODUCT_ID}}{{PRODUCT_USER_ID}}' }, { ...EVENT, productId: null }).body).toBe('');
  });

  it('gives the whole event as JSON and as Base64', () => {
    const whole = { name: 'temp/kitchen', data: '21.6', ttl: 60, published_at: AT, coreid: EVENT.coreid };
    const more = { productID: 1042, version: 7, userid: EVENT.ownerId };
    const [json = '', base64 = ''] = (
      request({ body: '{{{PARTICLE_EVENT_JSON}}}|{{PARTICLE_EVENT_BASE64}}' }).body ?? ''
    ).split('|');
    expect(JSON.parse(json)).toEqual({ ...whole, ...more });
    expect(Buffer.from(base64, 'base64').toString()).toBe(json);
    const own = request({ body: '{{{PARTICLE_EVENT_JSON}}}' }, { ...PLAIN, productId: null }).body ?? '';
    expect(JSON.parse(own)).toEqual(whole);
  });

  it('authorizes, and tells which texts are secret', () => {
    const basic = request({ auth: { username: '{{room}}', password: 'pass{{t}}' }, url: 'https://example.net' }, EVENT);
    const pair = Buffer.from('kit &amp; chen:pass21.5').toString('base64');
    expect(basic).toMatchObject({ url: 'https://example.net/', headers: { authorization: `Basic ${pair}` } });
    expect(basic.secrets).toEqual(['pass21.5', pair]);
    const bearer = request({ auth: { bearer: 'abc.def' }, query: { api_key: 'k/1', q: 'x' } });
    expect(bearer.headers.authorization).toBe('Bearer abc.def');
    expect(bearer.secrets.toSorted()).toEqual(['abc.def', 'k%2F1', 'k/1']);
    const own = request({ auth: { bearer: 'abc' }, headers: { Authorization: 'Token deadbeef' } });
    expect(own.headers).toMatchObject({ Authorization: 'Token deadbeef' });
    expect(Object.keys(own.headers)).not.toContain('authorization');
    expect(own.secrets).toContain('deadbeef');
  });

  it('lets headers be templates that replace its own, but for those of the connection', () => {
    const { headers } = request({
      headers: {
        'Content-Type': 'text/plain',
        'User-Agent': 'mine',
        Host: 'inner.example',
        'Transfer-Encoding': 'chunked',
        '{{none}}': 'gone',
        'X-{{PARTICLE_EVENT_ID}}': ' {{PARTICLE_EVENT_VALUE}} é ',
      },
    });
    expect(headers).toEqual({
      'Content-Type': 'text/plain',
      'User-Agent': 'mine',
      'X-17': Buffer.from('21.6 é').toString('latin1'),
    });
  });

  it('makes no request that an event could have smuggled something into', () => {
    const event = { ...EVENT, data: '{"x":"a\\r\\nEvil: 1","name":"a b","url":"file:///etc/passwd","s":"\\ud800"}' };
    expect(() => request({ headers: { 'X-A': '{{{x}}}' } }, event)).toThrow('headers.X-A has characters');
    expect(() => request({ headers: { '{{{name}}}': '1' } }, event)).toThrow('headers has a name');
    expect(() => request({ auth: { bearer: '{{{x}}}' } }, event)).toThrow('auth.bearer has characters');
    expect(() => request({ url: '{{{url}}}' }, event)).toThrow('url is no http or https address');
    expect(() => request({ url: '{{{none}}}' }, event)).toThrow('url is no http or https address');
    expect(() => request({ query: { a: '{{{s}}}' } }, event)).toThrow('a has characters that are no text');
    expect(request({ url: 'http://example.net/{{{x}}}' }, event).url).toBe('http://example.net/aEvil:%201');
  });
});
