import type { DatagramSocket } from '@cloudchamber/virtual-device';

/** Loses some of what arrives: each datagram with the probability that `lossNow` gives when it comes. What is sent gets through. */
export function lossySocket(socket: DatagramSocket, lossNow: () => number): DatagramSocket {
  return {
    port: socket.port,
    onDatagram: (receive) =>
      socket.onDatagram((...datagram) => {
        if (Math.random() >= lossNow()) receive(...datagram);
      }),
    send: (...datagram) => socket.send(...datagram),
    close: () => socket.close(),
  };
}
