import { createServer, type Socket } from 'node:net';
import type { StreamConnection, StreamListener } from './stream-listener.ts';

/**
 * A TCP socket that listens on `host:port`; port 0 takes any free one.
 * @throws the system's error when the address is in use or not allowed.
 */
export async function listenTcp(host: string, port: number, onError: (error: Error) => void): Promise<StreamListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', onError);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset by the peer; `close` follows.
    socket.on('error', () => {});
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    onConnection(accept) {
      server.on('connection', (socket) => {
        const connection = connectionOf(socket);
        if (connection === undefined) socket.destroy();
        else accept(connection);
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Undefined when the peer has gone already. */
function connectionOf(socket: Socket): StreamConnection | undefined {
  const { remoteAddress: address, remotePort: port } = socket;
  if (address === undefined || port === undefined) return undefined;
  return {
    address,
    port,
    onData: (receive) => void socket.on('data', receive),
    onClose: (closed) => void socket.on('close', () => closed()),
    write(bytes) {
      if (socket.writable) socket.write(bytes);
    },
    get unreadBytes() {
      return socket.writableLength;
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
