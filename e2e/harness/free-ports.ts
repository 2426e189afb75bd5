import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export interface Ports {
  readonly http: number;
  readonly udp: number;
  readonly tcp: number;
}

/** Ports of 127.0.0.1 that nothing uses now. */
export async function freePorts(): Promise<Ports> {
  const [http, udp, tcp] = await Promise.all([freeTcpPort(), freeUdpPort(), freeTcpPort()]);
  return { http, udp, tcp };
}

function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
