import { describe, expect, it } from 'vitest';
import type { Integration } from './integrations-of.ts';
import { createdText, deliveriesText, listText, logsText, ofNoun } from './texts.ts';

const hook = (more: Partial<Integration>): Integration => ({
  id: '57223d27ffedc82b02697efb',
  event: 'temp',
  name: 'temp for google.com',
  url: 'http://google.com',
  created_at: '2016-04-28T16:41:11.687Z',
  updated_at: '2016-04-28T16:41:11.687Z',
  integration_type: 'Webhook',
  disabled: false,
  ...more,
});

describe('listText', () => {
  it('is what the reference shows', () => {
    const hooks = [
      hook({ deviceID: '53ff73066678505550292167' }),
      hook({
        id: '57228c5e4b112b4f2f51cfc2',
        event: 'hello',
        url: 'https://google.com',
        created_at: '2016-04-28T22:19:10.726Z',
      }),
    ];
    expect(listText('webhook', hooks).join('\n')).toBe(`Found 2 hooks registered

    1.) Hook ID 57223d27ffedc82b02697efb is watching for "temp"
        and sending to: http://google.com
        for device 53ff73066678505550292167
        created at 2016-04-28T16:41:11.687Z

    2.) Hook ID 57228c5e4b112b4f2f51cfc2 is watching for "hello"
        and sending to: https://google.com
        created at 2016-04-28T22:19:10.726Z`);
  });

  it('tells of integrations of other types, and of disabled ones', () => {
    const { url: _, ...others } = hook({ integration_type: 'GoogleCloudPubSub', disabled: true });
    const text = listText('integration', [{ ...others, topic: 'projects/p/topics/t' }]);
    expect(text).toContain('    1.) Integration ID 57223d27ffedc82b02697efb is watching for "temp"');
    expect(text).toContain('        and sending to: projects/p/topics/t');
    expect(text).toContain('        and is disabled');
    expect(listText('webhook', [])).toEqual(['Found 0 hooks registered']);
  });

  it('prints nothing that steers a terminal', () => {
    expect(listText('webhook', [hook({ event: 'a\u001b[2Jb\n' })]).join('')).toContain('watching for "ab\ufffd"');
  });
});

it('webhooks are one type of integrations', () => {
  const both = [hook({}), hook({ integration_type: 'GoogleCloudPubSub' })];
  expect(ofNoun('webhook', both)).toEqual([both[0]]);
  expect(ofNoun('integration', both)).toEqual(both);
  expect(both.map(createdText)).toEqual([
    'Successfully created webhook with ID 57223d27ffedc82b02697efb',
    'Successfully created integration with ID 57223d27ffedc82b02697efb',
  ]);
});

it('logs are a line for each request, oldest first', () => {
  const log = (time: string, type: 'success' | 'error') => ({
    time,
    type,
    event: { name: 'temp' },
    request: 'POST /in HTTP/1.1\r\nhost: x\r\n\r\nbody',
    response: 'HTTP/1.1 200 OK\r\n\r\nok',
  });
  const logs = [log('2026-02-03T08:15:23.000Z', 'error'), log('2026-02-03T08:15:22.000Z', 'success')];
  expect(logsText({ logs }, false)).toEqual([
    'Time                      Result   Event  Request            Response',
    '2026-02-03T08:15:22.000Z  success  temp   POST /in HTTP/1.1  HTTP/1.1 200 OK',
    '2026-02-03T08:15:23.000Z  error    temp   POST /in HTTP/1.1  HTTP/1.1 200 OK',
  ]);
  expect(logsText({ logs }, true).slice(0, 5)).toEqual([
    '2026-02-03T08:15:22.000Z success',
    '  > POST /in HTTP/1.1',
    '  > host: x',
    '  >',
    '  > body',
  ]);
});

it('deliveries whose event is gone are told as well', () => {
  const delivery = {
    id: '7',
    state: 'failed' as const,
    event: null,
    created_at: '2026-02-03T08:15:22.000Z',
    due_at: null,
    attempts: 9,
    last_error: 'error status 500',
  };
  const text = deliveriesText({ deliveries: [delivery], meta: { next: null, waiting: 2, failed: 1 } });
  expect(text[1]).toBe('7         2026-02-03T08:15:22.000Z  (not kept any more)  9         -     error status 500');
  expect(text.at(-1)).toBe('1 failed, 2 waiting');
});
