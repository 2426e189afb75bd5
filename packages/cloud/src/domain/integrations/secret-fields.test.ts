import { describe, expect, it } from 'vitest';
import { joinSecrets, keepSecrets, MASK, maskSecrets, splitSecrets } from './secret-fields.ts';

const SETTINGS = {
  event: 't',
  url: 'https://example.net/a',
  auth: { username: 'ann', password: 'p1' },
  headers: { Authorization: 'Bearer abc', 'X-Token': '{{token}}', 'X-Plain': 'x', 'X-Api-Key': 17 },
  query: { api_key: 'k-{{x}}', q: '1' },
  form: { key: 'not one', client_secret: 'c1' },
  json: { password: 'templates of JSON are shown' },
  signing_secret: 'whsec_abc',
};
const MASKED = {
  ...SETTINGS,
  auth: { username: 'ann', password: MASK },
  headers: { Authorization: MASK, 'X-Token': '{{token}}', 'X-Plain': 'x', 'X-Api-Key': MASK },
  query: { api_key: MASK, q: '1' },
  form: { key: 'not one', client_secret: MASK },
  signing_secret: MASK,
};
const SECRETS = {
  auth: { password: 'p1' },
  headers: { Authorization: 'Bearer abc', 'X-Api-Key': '17' },
  query: { api_key: 'k-{{x}}' },
  form: { client_secret: 'c1' },
  signing_secret: 'whsec_abc',
};

describe('secrets of settings', () => {
  it('are taken out and put back', () => {
    expect(splitSecrets(SETTINGS)).toEqual({ masked: MASKED, secrets: SECRETS });
    expect(joinSecrets(MASKED, SECRETS)).toEqual({ ...SETTINGS, headers: { ...SETTINGS.headers, 'X-Api-Key': '17' } });
    expect(splitSecrets({ auth: { bearer: 'b' } }).masked).toEqual({ auth: { bearer: MASK } });
    expect(splitSecrets({ auth: { bearer: '{{token}}' } }).secrets).toEqual({});
  });

  it('stay when their mask is sent back, even to another path of the host', () => {
    const before = { masked: MASKED, secrets: SECRETS };
    const sent = {
      url: 'https://example.net/b',
      auth: MASKED.auth,
      headers: { Authorization: 'new', 'X-Api-Key': MASK },
    };
    expect(keepSecrets(sent, before)).toEqual({
      url: 'https://example.net/b',
      auth: { username: 'ann', password: 'p1' },
      headers: { Authorization: 'new', 'X-Api-Key': '17' },
    });
  });

  it('are not carried to another host', () => {
    const before = { masked: MASKED, secrets: SECRETS };
    for (const url of [
      'https://evil.example/a',
      'http://example.net/a',
      'https://example.net:81/',
      'https://example.net{{x}}/',
      undefined,
    ]) {
      expect(() => keepSecrets({ url, auth: MASKED.auth }, before)).toThrow('auth.password: send the secret again');
    }
    const templated = { masked: { url: 'https://{{a}}/x' }, secrets: SECRETS };
    expect(keepSecrets({ url: 'https://{{a}}/x', auth: MASKED.auth }, templated).auth).toEqual(SETTINGS.auth);
    expect(() => keepSecrets({ url: 'https://{{a}}/y', auth: MASKED.auth }, templated)).toThrow(
      'send the secret again',
    );
  });

  it('are kept for another path of the same host, however that is written', () => {
    const before = { masked: MASKED, secrets: SECRETS };
    for (const url of [' https://example.net/b', 'https://EXAMPLE.net:443/{{x}}', 'https:/example.net?q={{{x}}}'])
      expect(keepSecrets({ url, auth: MASKED.auth }, before).auth).toEqual(SETTINGS.auth);
  });

  it.each([
    [' https://example.net/a', ' https://evil.example/a'],
    ['https:/example.net/a', 'https:/evil.example/a'],
    ['https:///example.net/a', 'https:///evil.example/a'],
    ['https:\\\\example.net/a', 'https:\\\\evil.example/a'],
    ['https://example.net/a', 'https:{{x}}/example.net/a'],
    ['https://example.net/a', 'https:/{{x}}@example.net/a'],
    ['https://example.net/{{x}}', 'https://example.net{{x}}/'],
  ])('are not carried from %j to %j', (from, to) => {
    const before = { masked: { url: from }, secrets: SECRETS };
    expect(() => keepSecrets({ url: to, auth: MASKED.auth }, before)).toThrow('auth.password: send the secret again');
    expect(keepSecrets({ url: 'https://EXAMPLE.net:443/{{x}}', auth: MASKED.auth }, before).auth).toEqual(
      SETTINGS.auth,
    );
  });

  it('must be known for a mask to stand for them', () => {
    expect(() => keepSecrets({ auth: { password: MASK } }, undefined)).toThrow('auth.password: send the secret itself');
    const before = { masked: { url: 'u' }, secrets: {} };
    expect(() => keepSecrets({ url: 'u', headers: { constructor: MASK } }, before)).toThrow(
      'headers.constructor: send',
    );
    expect(keepSecrets({ url: 'u', body: MASK, custom: { x: MASK } }, before)).toMatchObject({ body: MASK });
  });

  it('are masked in logs, the longest first', () => {
    expect(maskSecrets('a: Bearer abcd; b: abcd; c: xyz', ['abcd', 'Bearer abcd', 'xyz', ''])).toBe(
      `a: ${MASK}; b: ${MASK}; c: xyz`,
    );
  });
});
