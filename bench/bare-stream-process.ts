// The limit that event streams stand beside: a node:http server that writes frames of the same size to every open response with `res.write`, one by one,
// in a process of its own. It is told how many, and says what that took.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const FRAME =
  'event: bench\ndata: {"data":"1234","ttl":60,"published_at":"2026-02-03T08:15:22.118Z","coreid":"api"}\nid: 1234\n\n';

const readers = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(':ok\n\n');
  readers.add(response);
});

process.on('message', async (events: number) => {
  const before = process.cpuUsage();
  for (let event = 0; event < events; event++) {
    for (const reader of readers) reader.write(FRAME);
    await new Promise((resolve) => setImmediate(resolve));
  }
  while ([...readers].some((reader) => reader.writableLength > 0))
    await new Promise((resolve) => setTimeout(resolve, 5));
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpuMicros: user + system });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
