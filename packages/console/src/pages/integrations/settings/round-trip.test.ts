import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeProblem } from './check-settings.ts';
import { type IntegrationDraft, type Pair, toDraft } from './draft.ts';
import { problemsOf, unwritable } from './draft-problems.ts';
import { parseSettings, settingsText } from './parse-settings.ts';
import { unknownKeys } from './settings.ts';
import { toSettings } from './to-settings.ts';

const word = fc.string({ minLength: 1, maxLength: 12 });
const json = fc.jsonValue({ maxDepth: 2 });
const object = fc.dictionary(word, json, { maxKeys: 4, noNullPrototype: true });
const flag = fc.constantFrom<unknown>(true, false, 'true', 'false', '1', '0', null);
const scalars = fc.dictionary(word, fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
  maxKeys: 4,
  noNullPrototype: true,
});

/** Everything that a form can show, in the spellings that the cloud takes. */
const settings = fc
  .tuple(
    fc.record(
      {
        integration_type: fc.constantFrom('Webhook', 'GoogleCloudPubSub'),
        event: fc.string(),
        eventName: fc.string(),
        name: fc.oneof(fc.string(), fc.constant(null)),
        url: fc.string(),
        requestType: fc.constantFrom('POST', 'get', 'PUT', 'Delete', ''),
        deviceid: fc.string(),
        products: fc.array(fc.oneof(fc.nat(65_535), fc.nat(65_535).map(String))),
        headers: scalars,
        auth: fc.oneof(
          fc.record(
            { username: fc.string(), password: fc.oneof(fc.string(), fc.nat()) },
            { requiredKeys: ['username'] },
          ),
          fc.record({ bearer: word }),
          fc.constant({}),
        ),
        query: object,
        noDefaults: flag,
        rejectUnauthorized: flag,
        responseTemplate: fc.oneof(fc.string(), object),
        responseTopic: fc.string(),
        unchunked: flag,
        disabled: flag,
        mode: fc.constantFrom('durable', 'compatible', null),
        signing_secret: fc.string(),
        topic: fc.string(),
        mydevices: fc.boolean(),
        'x y': json,
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    fc.oneof(
      fc.constant({}),
      fc.record({ form: object }, { noNullPrototype: true }),
      fc.record({ json: fc.oneof(fc.string(), object) }, { noNullPrototype: true }),
      fc.record({ body: fc.string() }, { noNullPrototype: true }),
    ),
  )
  .map(([common, content]): Record<string, unknown> => ({ ...common, ...content }));

const pair: fc.Arbitrary<Pair> = fc.oneof(
  fc.record({ name: word, value: fc.string(), isJson: fc.constant(false) }),
  fc.record({
    name: word,
    value: fc.oneof(fc.integer(), fc.array(fc.string())).map((value) => JSON.stringify(value)),
    isJson: fc.constant(true),
  }),
);
const pairs = fc.uniqueArray(pair, { selector: ({ name }) => name, maxLength: 4 });
const draft: fc.Arbitrary<IntegrationDraft> = fc.record({
  type: fc.constant('Webhook'),
  event: word,
  name: fc.string(),
  enabled: fc.boolean(),
  deviceId: fc.constantFrom('', 'e00fce68a1b2c3d4e5f60718'),
  products: fc.array(fc.integer({ min: 1000, max: 65_535 }).map(String)),
  mode: fc.constantFrom('durable', 'compatible'),
  topic: fc.constant(''),
  url: fc.constantFrom('https://example.net/in', '{{{where}}}'),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  auth: fc.oneof(
    fc.constant({ kind: 'none' as const, username: '', password: '', bearer: '' }),
    fc.record({ kind: fc.constant('basic'), username: word, password: fc.string(), bearer: fc.constant('') }),
    fc.record({ kind: fc.constant('bearer'), username: fc.constant(''), password: fc.constant(''), bearer: word }),
  ),
  headers: pairs.map((rows) => rows.map((row) => ({ ...row, isJson: false }))),
  query: pairs,
  content: fc.constant('form'),
  form: pairs,
  json: fc.constant(''),
  jsonIsText: fc.constant(false),
  body: fc.constant(''),
  noDefaults: fc.boolean(),
  verifyCertificate: fc.boolean(),
  responseTopic: fc.string(),
  errorResponseTopic: fc.string(),
  responseTemplate: fc.constant('{{ok}}'),
  responseTemplateIsObject: fc.constant(false),
  unchunked: fc.boolean(),
  dataUrlResponseEvent: fc.boolean(),
  signingSecret: fc.string(),
});
/** Objects put keys that look like numbers first. */
const sorted = ({ headers, query, form, ...rest }: IntegrationDraft) => {
  const inOrder = (rows: readonly Pair[]) => rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...rest, headers: inOrder(headers), query: inOrder(query), form: inOrder(form) };
};

describe('form and JSON', () => {
  it('keep every key and every spelling that nobody touched', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(shapeProblem(given)).toBeUndefined();
        expect(unwritable(toDraft(given))).toEqual({});
        expect(settingsText(toSettings(toDraft(given), given))).toBe(settingsText(given));
      }),
    );
  });

  it('keep a form through JSON and back, whatever it was made from', () => {
    fc.assert(
      fc.property(draft, settings, (form, base) => {
        expect(problemsOf(form)).toEqual({});
        const parsed = parseSettings(settingsText(toSettings(form, base)));
        if (!parsed.ok) throw new Error(parsed.message);
        expect(sorted(toDraft(parsed.settings))).toEqual(sorted({ ...form, topic: toDraft(parsed.settings).topic }));
        // JSON knows no negative zero.
        expect(parsed.settings['x y']).toEqual(JSON.parse(JSON.stringify(base))['x y']);
      }),
    );
  });

  it('change one key and leave the others in their places', () => {
    const base = { eventName: 'temp', mydevices: true, url: 'https://example.net', noDefaults: 'true' };
    expect(Object.entries(toSettings({ ...toDraft(base), event: 'heat', noDefaults: false }, base))).toEqual([
      ['event', 'heat'],
      ['mydevices', true],
      ['url', 'https://example.net'],
    ]);
  });

  it('write what was chosen and not what stands behind another choice', () => {
    const base = { event: 'temp', url: 'https://example.net', json: { a: 1 }, auth: { bearer: 'x' } };
    const changed: IntegrationDraft = {
      ...toDraft(base),
      content: 'body',
      body: '{{{t}}}',
      auth: { kind: 'none', username: '', password: '', bearer: 'x' },
    };
    expect(toSettings(changed, base)).toEqual({ event: 'temp', url: 'https://example.net', body: '{{{t}}}' });
    expect(toSettings({ ...changed, type: 'GoogleCloudPubSub', topic: 'projects/a/topics/b' }, base)).toEqual({
      event: 'temp',
      integration_type: 'GoogleCloudPubSub',
      topic: 'projects/a/topics/b',
    });
  });
});

describe('parseSettings', () => {
  it('says where a text is no JSON', () => {
    expect(parseSettings('{\n  "event": "temp"\n  "url": ""\n}')).toMatchObject({ ok: false, line: 3, column: 3 });
    expect(parseSettings('[]')).toMatchObject({ ok: false, message: 'Must be an object, in { and }' });
  });

  it('says which key cannot be, and where it stands', () => {
    expect(parseSettings('{"event": "temp",\n "headers": "x"}')).toMatchObject({
      ok: false,
      line: 2,
      column: 2,
      message: 'headers must be an object of texts',
    });
    expect(parseSettings('{"form": {}, "json": {}}')).toMatchObject({
      ok: false,
      message: 'json and form exclude each other: keep one of them',
    });
    expect(parseSettings('{"auth": {"user": "x"}}')).toMatchObject({ ok: false, column: 2 });
  });

  it('leaves out what the cloud said beside the settings', () => {
    expect(parseSettings('{"id": "65d0", "event": "temp", "created_at": "2026", "event": "heat"}')).toEqual({
      ok: true,
      settings: { event: 'heat' },
      leftOut: ['id', 'created_at'],
      repeated: ['event'],
    });
  });
});

describe('unknownKeys', () => {
  it('names them, and what may have been meant', () => {
    expect(unknownKeys({ event: 'x', mydevices: true, request_type: 'GET', eventName: 'x' })).toEqual([
      { key: 'mydevices', meant: undefined },
      { key: 'request_type', meant: 'requestType' },
    ]);
  });
});

describe('problemsOf', () => {
  it('names the field', () => {
    const form = toDraft({ event: '', url: 'ftp://x', headers: { a: '1' }, json: {} });
    const rows = [...form.headers, { name: 'a', value: '2', isJson: false }, { name: '', value: 'x', isJson: false }];
    expect(problemsOf({ ...form, headers: rows, json: '{"a": }' })).toEqual({
      event: 'Needed: what the names of the events begin with',
      url: 'An address that begins with http:// or https://',
      'headers.1.name': 'Stands there twice',
      'headers.2.name': 'Needs a name',
      json: 'Line 1, column 7: A value is missing; no comma may stand before the bracket',
    });
  });
});
