import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A server that a test writes the bytes of. */
export interface Listener {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** Those that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** What arrived, over all connections. */
  readonly received: string;
  stop(): Promise<void>;
}

export interface ListenerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called with each new connection. */
  readonly onConnection?: (socket: Socket) => void;
  /** Called with all that a connection has sent, each time the head of a request is complete; what it sent is forgotten then. */
  readonly onRequest?: (socket: Socket, request: string, servername: string | false | null) => void;
}

export const PLAIN_REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Listens; answers each request with `ok` unless told otherwise. Requests must arrive in one piece. */
export async function startListener(options: ListenerOptions = {}): Promise<Listener> {
  const {
    host = '127.0.0.1',
    port = 0,
    tls,
    onConnection,
    onRequest = (socket) => void socket.write(PLAIN_REPLY),
  } = options;
  const sockets = new Set<Socket>();
  const seen = { connections: 0, received: '' };
  const serve = (socket: Socket): void => {
    const servername = 'servername' in socket && typeof socket.servername === 'string' ? socket.servername : null;
    let request = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      request += bytes.toString('utf8');
      seen.received += bytes.toString('utf8');
      if (!request.includes('\r\n\r\n')) return;
      const whole = request;
      request = '';
      onRequest(socket, whole, servername);
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    seen.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onConnection?.(socket);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listener has a port');
  return {
    port: address.port,
    get connections() {
      return seen.connections;
    },
    get received() {
      return seen.received;
    },
    sockets,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
