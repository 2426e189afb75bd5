import { type AddressInfo, connect, type Socket } from 'node:net';
import { defineRoute, okBody } from '@cloudchamber/contract';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { registerRoute } from './register-route.ts';
import type { RouteModule } from './server.ts';
import { testServer } from './test-server.ts';

const echo = defineRoute({
  operation: 'echo',
  tag: 'test',
  method: 'POST',
  path: '/echo',
  summary: 'Takes a text',
  access: 'public',
  body: z.object({ text: z.string() }),
  responses: { 200: okBody },
});
const routes = (): readonly RouteModule[] => [(app) => registerRoute(app, echo, () => ({ ok: true as const }))];
const HEAD = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** A client that says what it likes, and what it has been told so far. */
async function talkTo(port: number): Promise<{ socket: Socket; told: () => string; over: Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  socket.on('error', () => {});
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, told: () => text, over };
}

describeStores('connections', (open) => {
  it.each([
    ['announced', (bytes: number) => `Content-Length: ${bytes}\r\n\r\n`],
    ['in chunks', (bytes: number) => `Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`],
  ])('a body over the limit, %s, is read to its end, so that its sender sees the 413', async (_how, framing) => {
    const { fastify } = await testServer(await open(), { routes, bodyLimitBytes: 1000 });
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as AddressInfo;
    const client = await talkTo(port);
    const bytes = 20_000_000;
    client.socket.write(`${HEAD}${framing(bytes)}`);
    await new Promise<void>((resolve, reject) => {
      client.socket.write(Buffer.alloc(bytes, ' '), (error) => (error ? reject(error) : resolve()));
    });
    await expect.poll(client.told).toMatch(/^HTTP\/1\.1 413 [\s\S]*"error":"payload_too_large"/);
    client.socket.destroy();
    await fastify.close();
  });

  it('a request that never ends does not keep the server from closing', async () => {
    const clock = new VirtualClock();
    const { fastify } = await testServer(await open(), { routes, clock });
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as AddressInfo;
    const client = await talkTo(port);
    const arrived = new Promise<void>((resolve) => fastify.server.once('request', () => resolve()));
    client.socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"text": "`);
    await arrived;
    const closed = fastify.close();
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    await clock.elapse(3000);
    await Promise.all([closed, client.over]);
    expect(clock.pending).toBe(0);
  });
});
