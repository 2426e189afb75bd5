import { once } from 'node:events';
import { connect } from 'node:net';
import type { DeviceStream } from '../device-stream.ts';

/** A TCP connection to a server. @throws the system's error when nobody answers there */
export async function openTcpStream(address: string, port: number): Promise<DeviceStream> {
  const socket = connect({ host: address, port, noDelay: true });
  await once(socket, 'connect');
  // What the network reports later ends the connection; `close` follows.
  socket.on('error', () => {});
  return {
    onData: (receive) => void socket.on('data', receive),
    onClose: (closed) => void socket.on('close', () => closed()),
    write(bytes) {
      if (socket.writable) socket.write(bytes);
    },
    end: () => void socket.end(),
  };
}
