import { describe, expect, it } from 'vitest';
import { openUdpSocket } from './udp-socket.ts';

describe('a UDP socket', () => {
  it.each(['127.0.0.1', '::1'])('carries datagrams both ways on %s', async (address) => {
    const [one, other] = await Promise.all([openUdpSocket(address), openUdpSocket(address)]);
    const answered = new Promise<string>((resolve) =>
      one.onDatagram((bytes) => resolve(Buffer.from(bytes).toString())),
    );
    other.onDatagram((bytes, from, port) => other.send(Buffer.concat([Buffer.from('re: '), bytes]), from, port));
    one.send(Buffer.from('hello'), address, other.port);
    expect(await answered).toBe('re: hello');
    await Promise.all([one.close(), other.close()]);
  });

  it('takes what the network cannot carry for lost', async () => {
    const socket = await openUdpSocket('127.0.0.1');
    socket.send(Buffer.alloc(70_000), '127.0.0.1', 9);
    socket.send(Buffer.from('x'), '256.0.0.1', 9);
    await new Promise((resolve) => setImmediate(resolve));
    await socket.close();
  });
});
