import type { DatagramSocket } from '@cloudchamber/virtual-device';

/** Datagrams and their bytes on the wire, IPv4 and UDP headers included, as devices see them. */
export interface Traffic {
  received: number;
  receivedBytes: number;
  sent: number;
  sentBytes: number;
}

/** IPv4 and UDP. */
export const HEADER_BYTES = 28;

export function noTraffic(): Traffic {
  return { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0 };
}

/** The socket, with everything that passes added to `traffic`. */
export function countedSocket(socket: DatagramSocket, traffic: Traffic): DatagramSocket {
  return {
    port: socket.port,
    onDatagram(receive) {
      socket.onDatagram((bytes, address, port) => {
        traffic.received += 1;
        traffic.receivedBytes += bytes.length + HEADER_BYTES;
        receive(bytes, address, port);
      });
    },
    send(bytes, address, port) {
      traffic.sent += 1;
      traffic.sentBytes += bytes.length + HEADER_BYTES;
      socket.send(bytes, address, port);
    },
    close: () => socket.close(),
  };
}
