import { describe, expect, it } from 'vitest';
import { parseSettings, type WebhookSettings } from './integration-settings.ts';

const USER = { kind: 'user' as const };
const PRODUCT = { kind: 'product' as const };
const HOOK = { event: 'temp', url: 'https://example.net/in' };
const webhook = (input: Record<string, unknown>, owner: { kind: 'user' | 'product' } = USER) =>
  parseSettings({ ...HOOK, ...input }, owner).target as WebhookSettings;

describe('parseSettings', () => {
  it('knows the defaults', () => {
    expect(parseSettings(HOOK, USER)).toEqual({
      type: 'Webhook',
      event: 'temp',
      name: 'temp for example.net',
      disabled: false,
      deviceId: null,
      mode: 'durable',
      products: null,
      given: HOOK,
      target: {
        type: 'Webhook',
        url: 'https://example.net/in',
        requestType: 'POST',
        headers: {},
        query: {},
        noDefaults: false,
        rejectUnauthorized: true,
        responseTopic: 'hook-response/{{PARTICLE_EVENT_NAME}}',
        errorResponseTopic: 'hook-error/{{PARTICLE_EVENT_NAME}}',
        unchunked: false,
        dataUrlResponseEvent: false,
      },
    });
    expect(webhook({}, PRODUCT).responseTopic).toBe('{{PARTICLE_DEVICE_ID}}/hook-response/{{PARTICLE_EVENT_NAME}}');
    expect(webhook({ responseTopic: 'x' }, PRODUCT).responseTopic).toBe('x');
  });

  it('takes other spellings, and keeps what it does not know', () => {
    const { eventName: _, ...rest } = { eventName: 1, url: HOOK.url };
    const parsed = parseSettings(
      {
        ...rest,
        eventName: 'temp',
        deviceid: 'E00FCE68A1B2C3D4E5F60718',
        mydevices: true,
        template: 'webhook',
        custom: { deep: [1, '{{not a template'] },
        headers: null,
        body: '',
        requestType: 'put',
        noDefaults: 'true',
        unchunked: '0',
      },
      USER,
    );
    expect(parsed).toMatchObject({ event: 'temp', deviceId: 'e00fce68a1b2c3d4e5f60718' });
    expect(parsed.target).toMatchObject({ requestType: 'PUT', noDefaults: true, unchunked: false });
    expect(parsed.given).toEqual({
      event: 'temp',
      deviceID: 'E00FCE68A1B2C3D4E5F60718',
      url: HOOK.url,
      mydevices: true,
      template: 'webhook',
      custom: { deep: [1, '{{not a template'] },
      requestType: 'put',
      noDefaults: 'true',
      unchunked: '0',
    });
    expect(parseSettings(parsed.given, USER)).toEqual(parsed);
    expect(parseSettings({ ...HOOK, eventName: 'other' }, USER).event).toBe('temp');
    expect(parseSettings({ eventName: 'other', ...HOOK }, USER).event).toBe('temp');
  });

  it('drops what answers add', () => {
    const answer = { ok: true, id: 'x', created_at: 'y', hookUrl: 'z', logs: [], counters: [], error: 'no' };
    expect(parseSettings({ ...answer, ...HOOK }, USER).given).toEqual(HOOK);
  });

  it('restricts only integrations of accounts to a device, and only those of organizations to products', () => {
    const more = { deviceID: 'e00fce68a1b2c3d4e5f60718', products: [1042, '1043', 1042] };
    expect(parseSettings({ ...HOOK, ...more }, PRODUCT)).toMatchObject({ deviceId: null, products: null });
    expect(parseSettings({ ...HOOK, ...more }, { kind: 'organization' })).toMatchObject({
      deviceId: null,
      products: [1042, 1043],
    });
  });

  it('reads both kinds of auth', () => {
    expect(webhook({ auth: { username: 'a', password: 5 } }).auth).toEqual({
      kind: 'basic',
      username: 'a',
      password: '5',
    });
    expect(webhook({ auth: { bearer: '{{token}}' } }).auth).toEqual({ kind: 'bearer', token: '{{token}}' });
    expect(webhook({ auth: {} }).auth).toBeUndefined();
  });

  it('reads a Pub/Sub topic', () => {
    const topic = 'projects/my-project/topics/readings';
    expect(parseSettings({ integration_type: 'GoogleCloudPubSub', event: 't', topic }, USER)).toMatchObject({
      type: 'GoogleCloudPubSub',
      name: 't for readings',
      target: { type: 'GoogleCloudPubSub', topic },
    });
  });

  it.each([
    [{ event: undefined }, 'event: is needed'],
    [{ event: 'x'.repeat(65) }, 'event: has at most 64 bytes'],
    [{ event: 'a\nb' }, 'event: has no control characters'],
    [{ event: 5 }, 'event: '],
    [{ url: undefined }, 'url: is needed'],
    [{ url: 'ftp://example.net' }, 'url: must begin with http'],
    [{ url: 'example.net' }, 'url: must begin with http'],
    [{ url: 'javascript:{{x}}' }, 'url: must begin with http'],
    [{ url: 'https://ann:secret@example.net/' }, 'url: has a name or a password in it'],
    [{ url: `https://example.net/${'x'.repeat(4096)}` }, 'url: has at most 4096'],
    [{ url: 'https://example.net/{{#a}}' }, 'url: Unclosed section'],
    [{ requestType: 'PATCH' }, 'requestType: must be GET, POST, PUT or DELETE'],
    [{ headers: { a: { b: 1 } } }, 'headers.a: '],
    [{ headers: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`h${n}`, 'x'])) }, 'headers: has at most 50'],
    [{ headers: { 'X-A': '{{/a}}' } }, 'headers.X-A: Unopened section'],
    [{ headers: { '{{#a}}': 'x' } }, 'headers: Unclosed section'],
    [{ query: { a: [{ b: '{{' }] } }, 'query.a.0.b: The tag'],
    [{ form: {}, json: {} }, 'form and json exclude each other'],
    [{ json: 'x', body: 'y' }, 'json and body exclude each other'],
    [{ form: { a: 1 }, json: { a: 1 }, body: 'y' }, 'form and json and body exclude each other'],
    [{ auth: { username: 'a', bearer: 'b' } }, 'auth: must be {username, password} or {bearer}'],
    [{ deviceID: 'xyz' }, 'deviceID: must be the id of a device'],
    [{ mode: 'eager' }, 'mode: must be compatible or durable'],
    [{ secrets: ['API_KEY'] }, 'secrets: is not available on this cloud'],
    [{ signing_secret: 'short' }, 'signing_secret: must be whsec_'],
    [{ noDefaults: 'maybe' }, 'noDefaults: '],
    [{ custom: 'x'.repeat(70_000) }, 'All settings of an integration have at most 65536 bytes'],
    [{ custom: JSON.parse('['.repeat(30) + ']'.repeat(30)) }, 'Settings have at most 12 objects inside each other'],
    [{ integration_type: 'AzureIotHub' }, 'type AzureIotHub are not available on this cloud'],
    [{ integration_type: 'GoogleMaps' }, 'type GoogleMaps are not available on this cloud'],
    [{ integration_type: 'Other' }, 'integration_type: must be'],
    [{ integration_type: 'GoogleCloudPubSub' }, 'topic: is needed'],
    [{ integration_type: 'GoogleCloudPubSub', topic: 'readings' }, 'topic: must be projects/'],
    [
      { integration_type: 'GoogleCloudPubSub', topic: 'projects/my-project/topics/abc', service_account: '{}' },
      'service_account: is not available on this cloud',
    ],
  ])('refuses %.60j', (input, why) => {
    expect(() => parseSettings({ ...HOOK, ...input }, USER)).toThrow(why);
  });

  it('refuses products that are no numbers', () => {
    expect(() => parseSettings({ ...HOOK, products: ['greenhouse'] }, { kind: 'organization' })).toThrow('products');
    expect(() => parseSettings({ ...HOOK, products: 'all' }, { kind: 'organization' })).toThrow(
      'list of product numbers',
    );
  });
});
