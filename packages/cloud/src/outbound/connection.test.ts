import { afterEach, describe, expect, it } from 'vitest';
import { type Listener, startListener } from '../../test/outbound/listener.ts';
import { Connection, ConnectionGone, type ConnectionRequest } from './connection.ts';
import { openSocket } from './open-socket.ts';
import { readTarget } from './outbound-target.ts';

const request: ConnectionRequest = {
  method: 'POST',
  path: '/',
  headers: {},
  body: 'x',
  mostResponseBytes: 100,
  signal: new AbortController().signal,
};

describe('Connection', () => {
  const servers: Listener[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  async function setUp() {
    const server = await startListener();
    servers.push(server);
    const target = readTarget(`http://127.0.0.1:${server.port}/`);
    const { signal } = request;
    const socket = await openSocket(target, { addresses: ['127.0.0.1'], rejectUnauthorized: true, signal });
    return { server, socket, connection: new Connection({ origin: target.origin, host: target.host, socket }) };
  }

  it('says when it ended before a later request was written', async () => {
    const { server, socket, connection } = await setUp();
    expect(await connection.send(request)).toMatchObject({ status: 200 });
    expect(connection.open).toBe(true);
    socket.destroy();
    expect(connection.open).toBe(false);
    await expect(connection.send(request)).rejects.toThrow(ConnectionGone);
    expect(server.received.match(/POST/g)?.length).toBe(1);
    expect(server.connections).toBe(1);
  });

  it('is no later connection when its first request was not written', async () => {
    const { server, socket, connection } = await setUp();
    socket.destroy();
    await expect(connection.send(request)).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.received).toBe('');
    expect(server.connections).toBe(1);
  });

  it('sends nothing for a request that has ended', async () => {
    const { server, connection } = await setUp();
    const reason = new Error('late');
    await expect(connection.send({ ...request, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(connection.open).toBe(false);
    expect(server.received).toBe('');
  });
});
