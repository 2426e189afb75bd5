import { expect, it } from 'vitest';
import { streamPath } from './stream-path.ts';

const own = { kind: 'own' } as const;
const product = { kind: 'product', product: 'green house' } as const;
const organization = { kind: 'organization', organization: 'acme' } as const;

it.each([
  [own, undefined, undefined, '/v1/devices/events'],
  [own, undefined, 'hook-response/a b', '/v1/devices/events/hook-response%2Fa%20b'],
  [own, 'living room', undefined, '/v1/devices/living%20room/events'],
  [own, 'lamp', 'temp', '/v1/devices/lamp/events/temp'],
  [product, undefined, 'temp', '/v1/products/green%20house/events/temp'],
  [product, 'aa', undefined, '/v1/products/green%20house/devices/aa/events'],
  [organization, undefined, undefined, '/v1/orgs/acme/events'],
  [organization, 'aa', 'temp', '/v1/orgs/acme/devices/aa/events/temp'],
])('%o %s %s is at %s', (place, device, prefix, path) => {
  expect(streamPath({ place, device, prefix })).toBe(path);
});
