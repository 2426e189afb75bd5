// The limit that a fleet update stands beside: as many datagrams of the same size, from one socket to as many sockets in other processes, and as many answers; nothing is
// encrypted, and nothing is done with them but counting.
import { createSocket } from 'node:dgram';

/** Datagrams are numbered from 0 for each socket; an answer says how many have come without a gap. */
export interface BareUpdateReceivers {
  readonly sockets: number;
  /** For each socket. */
  readonly datagrams: number;
  /** Datagrams for one answer; may have a fraction. */
  readonly perAnswer: number;
  readonly answerBytes: number;
}

export interface BareUpdateJob {
  readonly ports: readonly number[];
  readonly datagrams: number;
  readonly datagramBytes: number;
  /** Receivers that are served at the same time. */
  readonly atOnce: number;
}

export interface BareUpdateFigures {
  readonly seconds: number;
  /** Of the sender. */
  readonly cpuSeconds: number;
}

/** Datagrams without an answer, for each receiver: so few that buffers of the system seldom overflow. */
const WINDOW = 32;
const AGAIN_MS = 100;

interface Receiver {
  answered: number;
  next: number;
  answeredBefore: number;
}

process.once('message', async (job: BareUpdateJob) => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await send(job);
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 });
});

async function send({ ports, datagrams, datagramBytes, atOnce }: BareUpdateJob): Promise<void> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: 4 << 20,
    lookup: (address, _options, done) => done(null, address, 4),
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const waiting = [...ports];
  const active = new Map<number, Receiver>();
  const done = Promise.withResolvers<void>();

  function fill(port: number, receiver: Receiver): void {
    const end = Math.min(datagrams, receiver.answered + WINDOW);
    for (; receiver.next < end; receiver.next++) {
      const datagram = Buffer.allocUnsafe(datagramBytes);
      datagram.writeUInt32BE(receiver.next, 0);
      socket.send(datagram, port, '127.0.0.1');
    }
  }
  function begin(): void {
    const port = waiting.pop();
    if (port === undefined) {
      if (active.size === 0) done.resolve();
      return;
    }
    const receiver = { answered: 0, next: 0, answeredBefore: -1 };
    active.set(port, receiver);
    fill(port, receiver);
  }

  socket.on('message', (bytes, { port }) => {
    const receiver = active.get(port);
    const received = bytes.readUInt32BE(0);
    if (receiver === undefined || received <= receiver.answered) return;
    receiver.answered = received;
    receiver.next = Math.max(receiver.next, received);
    if (received < datagrams) return fill(port, receiver);
    active.delete(port);
    begin();
  });
  // What was lost shows as a receiver that gets no further.
  const again = setInterval(() => {
    for (const [port, receiver] of active) {
      if (receiver.answered === receiver.answeredBefore) {
        receiver.next = receiver.answered;
        fill(port, receiver);
      }
      receiver.answeredBefore = receiver.answered;
    }
  }, AGAIN_MS);
  for (let started = 0; started < atOnce; started++) begin();
  await done.promise;
  clearInterval(again);
  socket.close();
}
