import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listenTcp, type StreamConnection, type StreamListener } from '../src/index.ts';

describe('a TCP listener', () => {
  let listener: StreamListener;
  afterEach(() => listener.close());

  async function accepted(): Promise<{ server: StreamConnection; client: ReturnType<typeof connect> }> {
    listener = await listenTcp('127.0.0.1', 0, () => {});
    const arrived = new Promise<StreamConnection>((resolve) => listener.onConnection(resolve));
    const client = connect(listener.port, '127.0.0.1');
    return { server: await arrived, client };
  }

  it('hands over connections with their bytes in both directions', async () => {
    const { server, client } = await accepted();
    expect([server.address, server.port]).toEqual(['127.0.0.1', client.localPort]);
    const received = new Promise<Uint8Array>((resolve) => server.onData(resolve));
    client.write('up');
    expect(Buffer.from(await received).toString()).toBe('up');
    server.write(Buffer.from('down'));
    const [bytes] = (await once(client, 'data')) as [Buffer];
    expect(bytes.toString()).toBe('down');
    expect(server.unreadBytes).toBe(0);
  });

  it('sends what was written before it ends', async () => {
    const { server, client } = await accepted();
    const closed = new Promise<void>((resolve) => server.onClose(resolve));
    server.onData(() => {});
    const pieces: Buffer[] = [];
    client.on('data', (piece) => pieces.push(Buffer.from(piece)));
    server.write(Buffer.alloc(200_000, 1));
    server.end();
    server.write(Buffer.from('too late'));
    await once(client, 'end');
    await closed;
    expect(Buffer.concat(pieces)).toHaveLength(200_000);
  });

  it('tells of a reset once', async () => {
    const { server, client } = await accepted();
    let closes = 0;
    const closed = new Promise<void>((resolve) => {
      server.onClose(() => {
        closes += 1;
        resolve();
      });
    });
    server.onData(() => {});
    client.resetAndDestroy();
    await closed;
    server.destroy();
    server.end();
    expect(closes).toBe(1);
  });

  it('closes every connection with itself', async () => {
    const { client } = await accepted();
    client.resume();
    const closed = once(client, 'close');
    await listener.close();
    await closed;
  });

  it('refuses a port that is taken', async () => {
    listener = await listenTcp('127.0.0.1', 0, () => {});
    await expect(listenTcp('127.0.0.1', listener.port, () => {})).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
