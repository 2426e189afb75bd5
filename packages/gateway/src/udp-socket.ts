import { createSocket } from 'node:dgram';
import type { DatagramSocket } from './datagram-socket.ts';

/** Bursts of 20,000 packets a second and more are lost in the kernel's default buffer. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * A UDP socket bound to `host:port`; port 0 takes any free one.
 * @throws the system's error when the address is in use or not allowed.
 */
export async function bindUdp(host: string, port: number, onError: (error: Error) => void): Promise<DatagramSocket> {
  const family = host.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Peers are always IP addresses: skipping the resolver saves a trip through the event loop for every datagram.
    lookup: (address, _options, done) => done(null, address, family),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', onError);
  return {
    port: socket.address().port,
    onDatagram(receive) {
      socket.on('message', (bytes, peer) => receive(bytes, peer.address, peer.port));
    },
    send(bytes, address, peerPort) {
      socket.send(bytes, peerPort, address);
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
