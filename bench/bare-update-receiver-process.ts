// The other end of `bare-update-process.ts`: sockets that count datagrams, and answer some of them, as devices do that take firmware.
import { createSocket } from 'node:dgram';
import type { BareUpdateReceivers } from './bare-update-process.ts';

process.once('message', async ({ sockets, datagrams, perAnswer, answerBytes }: BareUpdateReceivers) => {
  const ports = await Promise.all(
    Array.from({ length: sockets }, () => receiver({ datagrams, perAnswer, answerBytes })),
  );
  process.send?.({ ports });
});

/** @returns its port */
function receiver({ datagrams, perAnswer, answerBytes }: Omit<BareUpdateReceivers, 'sockets'>): Promise<number> {
  const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
  let received = 0;
  let sinceAnswer = 0;
  socket.on('message', (bytes, peer) => {
    if (bytes.readUInt32BE(0) === received) received += 1;
    sinceAnswer += 1;
    if (sinceAnswer < perAnswer && received < datagrams) return;
    sinceAnswer -= perAnswer;
    const answer = Buffer.alloc(answerBytes);
    answer.writeUInt32BE(received, 0);
    socket.send(answer, peer.port, peer.address);
  });
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)));
}
