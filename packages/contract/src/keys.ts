import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody, timestampField } from './fields.ts';

const tag = 'service';

const algorithm = z.enum(['ecc', 'rsa']).describe('`ecc` for devices over UDP, `rsa` for devices over TCP.');
const portNumber = z.int().nullable().describe('Null when that transport is off.');

const serverKey = z.object({
  id: z.string(),
  algorithm,
  public_key: z.string().describe('PEM'),
  fingerprint: z.string().describe('SHA-256 of the DER public key, hex.'),
  created_at: timestampField,
  retired_at: timestampField.nullable(),
  devices: z.int().describe('How many devices were last seen to hold it.'),
});

const PEM = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…\n-----END PUBLIC KEY-----\n';
const FINGERPRINT = '9b74c9897bac770ffc029102a200c5de4b3a1f0c6d2e8f9b74c9897bac770ffc';

const exampleKey = {
  id: '5f1a7b30c8d94e0012ab34cd',
  algorithm: 'ecc',
  public_key: PEM,
  fingerprint: FINGERPRINT,
  created_at: '2026-11-01T08:00:00.000Z',
  retired_at: null,
  devices: 12,
};

const getServerKey = defineRoute({
  operation: 'getServerKey',
  tag,
  method: 'GET',
  path: '/v1/server-key',
  summary: 'What a device must know to connect here',
  description:
    "The cloud's public key, the newest while it is being rotated: as JSON, as PEM, or as the DER file that is written to a device. With `host` the file holds the address too: `$id` in a host name stands for the device's own id. `port` is the one that this server listens on when left out.",
  access: 'public',
  query: z.object({
    algorithm: algorithm.default('ecc'),
    format: z.enum(['json', 'der', 'pem']).default('json'),
    host: z.string().optional(),
    port: integerField.pipe(z.int().min(1).max(65_535)).optional(),
  }),
  responses: {
    200: z.object({
      algorithm,
      public_key: z.string().describe('PEM'),
      fingerprint: z.string(),
      udp_port: portNumber,
      tcp_port: portNumber,
    }),
  },
  example: {
    response: { algorithm: 'ecc', public_key: PEM, fingerprint: FINGERPRINT, udp_port: 5684, tcp_port: 5683 },
  },
});

const listServerKeys = defineRoute({
  operation: 'listServerKeys',
  tag,
  method: 'GET',
  path: '/v1/operator/server-keys',
  summary: 'Every key that this cloud has or had',
  access: 'operator',
  responses: { 200: z.object({ keys: z.array(serverKey) }) },
  example: { response: { keys: [exampleKey] } },
});

const rotateServerKey = defineRoute({
  operation: 'rotateServerKey',
  tag,
  method: 'POST',
  path: '/v1/operator/server-keys',
  summary: 'Make the next server key',
  description: 'Devices are given the new one from now on; those that hold the one before it go on connecting.',
  access: 'operator',
  body: z.object({ algorithm: algorithm.default('ecc') }),
  responses: { 201: serverKey },
  errors: { 409: 'Two keys of that algorithm are in use; retire one first.' },
  example: { body: { algorithm: 'ecc' }, response: { ...exampleKey, devices: 0 } },
});

const retireServerKey = defineRoute({
  operation: 'retireServerKey',
  tag,
  method: 'DELETE',
  path: '/v1/operator/server-keys/:keyId',
  summary: 'End the use of a server key',
  description: 'Refused with 409 while devices hold it, unless `force` is true; and for the last key of its algorithm.',
  access: 'operator',
  params: z.object({ keyId: z.string() }),
  query: z.object({ force: booleanField.optional() }),
  responses: { 200: okBody },
  errors: { 404: 'There is no such key.', 409: 'Devices still hold it, or it is the last of its algorithm.' },
  example: { response: { ok: true } },
});

export const keyRoutes = { getServerKey, listServerKeys, rotateServerKey, retireServerKey };
