import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DatagramSocket } from '../datagram-socket.ts';

/**
 * A UDP socket on any free port, for talking to servers of the same address family as `address`.
 * @throws the system's error when there is no free port or descriptor
 */
export async function openUdpSocket(address: string): Promise<DatagramSocket> {
  const family = isIPv6(address) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Servers are IP addresses: skipping the resolver saves a trip through the event loop for every datagram.
    lookup: (host, _options, done) => done(null, host, family),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  // What the network reports later shows up as loss, and the protocol deals with loss.
  socket.on('error', () => {});
  return {
    port: socket.address().port,
    onDatagram(receive) {
      socket.on('message', (bytes, peer) => receive(bytes, peer.address, peer.port));
    },
    send(bytes, host, port) {
      // With a callback, a failure to send is not thrown as an event.
      socket.send(bytes, port, host, () => {});
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
