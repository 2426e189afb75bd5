import { describe, expect, it } from 'vitest';
import { parseSettings, type WebhookSettings } from './integration-settings.ts';
import { errorEvent, hookSentEvent, responseEvents } from './response-events.ts';

const EVENT = {
  id: '17',
  name: 'weather',
  data: null,
  coreid: 'e00fce68a1b2c3d4e5f60718',
  ttlSeconds: 60,
  publishedAt: 0,
  productId: null,
  ownerId: null,
  firmwareVersion: null,
};
const settings = (input: Record<string, unknown> = {}, kind: 'user' | 'product' = 'user') =>
  parseSettings({ event: 'w', url: 'http://host.example/', ...input }, { kind }).target as WebhookSettings;
const events = (
  input: Record<string, unknown>,
  body: string | Buffer,
  reply: { status?: number; contentType?: string | null } = {},
) =>
  responseEvents(settings(input), EVENT, 'host.example', {
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(body),
    ...reply,
  }).map(({ name, data, contentFormat }) => [name, Buffer.from(data).toString('latin1'), contentFormat]);

describe('events of a webhook', () => {
  it('tell that it was sent', () => {
    expect(hookSentEvent(EVENT)).toEqual({
      name: 'hook-sent/weather',
      data: Buffer.from('undefined'),
      contentFormat: 0,
    });
  });

  it('bring the reply verbatim, in chunks of 512 bytes', () => {
    expect(events({}, 'ok')).toEqual([['hook-response/weather/0', 'ok', 0]]);
    expect(events({}, '')).toEqual([]);
    const sizes = (length: number) => events({}, 'x'.repeat(length)).map(([, data]) => String(data).length);
    expect(sizes(512)).toEqual([512]);
    expect(sizes(513)).toEqual([512, 1]);
    const three = events({}, `${'a'.repeat(511)}ä${'b'.repeat(600)}`);
    expect(three.map(([name]) => name)).toEqual([0, 1, 2].map((n) => `hook-response/weather/${n}`));
    expect(Buffer.from(three.map(([, data]) => data).join(''), 'latin1').toString()).toBe(
      `${'a'.repeat(511)}ä${'b'.repeat(600)}`,
    );
  });

  it('bring no more than 100 kB', () => {
    const many = events({}, 'x'.repeat(200_000));
    expect(many).toHaveLength(200);
    const one = events({ unchunked: true }, 'x'.repeat(200_000));
    expect(one.map(([name, data]) => [name, String(data).length])).toEqual([['hook-response/weather/0', 102_400]]);
  });

  it('have the topic that was asked for', () => {
    expect(events({ responseTopic: '{{PARTICLE_DEVICE_ID}}/got/{{SPARK_EVENT_NAME}}' }, 'x')[0]?.[0]).toBe(
      `${EVENT.coreid}/got/weather/0`,
    );
    const { name } =
      responseEvents(settings({}, 'product'), EVENT, 'h', {
        status: 204,
        contentType: null,
        body: Buffer.from('x'),
      })[0] ?? hookSentEvent(EVENT);
    expect(name).toBe(`${EVENT.coreid}/hook-response/weather/0`);
    const hostile = { ...EVENT, name: 'a\nevent: b' };
    expect(errorEvent(settings(), hostile, 'ETIMEDOUT').name).toBe('hook-error/aevent: b/0');
  });

  it('bring what the template makes of JSON, and other replies as they are', () => {
    const body = '{"results":[{"lat":1.5,"n":"<a>"}]}';
    expect(events({ responseTemplate: '{{results.0.lat}}~{{{results.0.n}}}~{{PARTICLE_EVENT_NAME}}' }, body)).toEqual([
      ['hook-response/weather/0', '1.5~<a>~weather', 0],
    ]);
    expect(events({ responseTemplate: { lat: '{{{results.0.lat}}}' } }, body)[0]?.[1]).toBe('{"lat":"1.5"}');
    expect(events({ responseTemplate: '{{0.a}}' }, '[{"a":7}]')[0]?.[1]).toBe('7');
    expect(events({ responseTemplate: '{{none}}' }, body)).toEqual([]);
    expect(events({ responseTemplate: '{{x}}' }, 'no json')[0]?.[1]).toBe('no json');
  });

  it('bring bytes with their type where a data URL was asked for', () => {
    const bytes = Buffer.from([0xff, 0, 1]);
    const format = (contentType: string | null) =>
      events({ dataUrlResponseEvent: true }, bytes, { contentType })[0]?.slice(1);
    expect(format('image/png')).toEqual(['\xff\0\x01', 23]);
    expect(format('IMAGE/JPEG; q=1')).toEqual(['\xff\0\x01', 22]);
    expect(format('text/plain')).toEqual(['\xff\0\x01', 42]);
    expect(format(null)).toEqual(['\xff\0\x01', 42]);
  });

  it('tell of an error', () => {
    for (const status of [302, 404, 500]) {
      expect(events({}, 'not found', { status })).toEqual([
        ['hook-error/weather/0', `error status ${status} from host.example`, 0],
      ]);
    }
    expect(events({ errorResponseTopic: 'failed/{{PARTICLE_DEVICE_ID}}' }, '', { status: 503 })[0]?.[0]).toBe(
      `failed/${EVENT.coreid}/0`,
    );
  });
});
