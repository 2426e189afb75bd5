import { expect, it } from 'vitest';
import { maskedUrl } from './masked-url.ts';

const TOKEN = '0123456789abcdef0123456789abcdef01234567';

it.each([
  [`/v1/devices?access_token=${TOKEN}&x=1`, '/v1/devices?access_token=***&x=1'],
  ['/v1/devices?x=1&access_token=short', '/v1/devices?x=1&access_token=***'],
  ['/oauth/token?password=p&client_secret=s', '/oauth/token?password=***&client_secret=***'],
  [`/v1/access_tokens/${TOKEN}`, '/v1/access_tokens/***'],
  ['/v1/access_tokens/short/', '/v1/access_tokens/***/'],
  ['/v1/access_tokens/current', '/v1/access_tokens/current'],
  [`/v1/devices/${TOKEN}`, '/v1/devices/***'],
  [`/v1/devices?access%5ftoken=${TOKEN}`, '/v1/devices?access%5ftoken=***'],
  ['/v1/devices/0123456789abcdef01234567', '/v1/devices/0123456789abcdef01234567'],
])('%s', (url, masked) => {
  expect(maskedUrl(url)).toBe(masked);
});
