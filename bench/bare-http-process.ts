// The limit that the API stands beside: a Fastify server that does nothing but answer one route with the same object, in a process of its own.
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

interface BareServer {
  get(path: string, handler: () => unknown): void;
  listen(options: { host: string; port: number }): Promise<string>;
  readonly server: { address(): AddressInfo };
}

/** The Fastify that the cloud runs on. */
const fastify = createRequire(new URL('../packages/cloud/package.json', import.meta.url))('fastify') as (options: {
  logger: boolean;
}) => BareServer;

process.once('message', async (body: object) => {
  const server = fastify({ logger: false });
  server.get('/v1/devices/:deviceId', async () => body);
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
  process.send?.({ port: server.server.address().port });
});
