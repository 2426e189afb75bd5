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
});

const listServerKeys = defineRoute({
  operation: 'listServerKeys',
  tag,
  method: 'GET',
  path: '/v1/operator/server-keys',
  summary: 'Every key that this cloud has or had',
  access: 'operator',
  responses: { 200: z.object({ keys: z.array(serverKey) }) },
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
});

export const keyRoutes = { getServerKey, listServerKeys, rotateServerKey, retireServerKey };
