import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const listCloudAddresses = defineRoute({
  operation: 'listCloudAddresses',
  tag: 'service',
  method: 'GET',
  path: '/v1/cloud-addresses',
  summary: 'What a firewall must let through',
  description:
    'Every host and port of this cloud that devices and people connect to, from the inside out. It may change: ask again. A host name with `*` stands for one name per device.',
  access: 'public',
  responses: {
    200: z.object({
      addresses: z.array(
        z.object({
          host: z.string(),
          port: z.int(),
          transport: z.enum(['udp', 'tcp']),
          protocol: z.enum(['dtls', 'aes', 'https', 'http']),
          used_by: z.enum(['devices', 'people']),
          purpose: z.string(),
        }),
      ),
    }),
  },
  example: {
    response: {
      addresses: [
        {
          host: 'cloud.example.net',
          port: 5684,
          transport: 'udp',
          protocol: 'dtls',
          used_by: 'devices',
          purpose: 'Devices of generation 3 and later',
        },
      ],
    },
  },
});

export const addressRoutes = { listCloudAddresses };
