// The other end of the webhooks that are measured: answers every request with 200 and nothing, in a process of its own, and says how many came.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let requests = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    requests += 1;
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
process.on('message', () => process.send?.({ requests }));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
