import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const getServerKey = defineRoute({
  operation: 'getServerKey',
  tag: 'service',
  method: 'GET',
  path: '/v1/server-key',
  summary: 'What a device must know to connect here',
  description: "The cloud's public key, and the port for DTLS over UDP; null when that transport is off.",
  access: 'public',
  responses: {
    200: z.object({ algorithm: z.literal('ecc'), public_key: z.string(), udp_port: z.number().int().nullable() }),
  },
});

export const keyRoutes = { getServerKey };
