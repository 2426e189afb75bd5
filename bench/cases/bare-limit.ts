import { fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { echoDatagram } from '../echo-bytes.ts';

export interface BareLimit {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

interface EchoMessage {
  readonly port?: number;
  readonly cpu?: NodeJS.CpuUsage;
}

/** What this machine takes for one datagram in, AES-CCM both ways, one datagram out, in a process that does nothing else: the floor below every publish. */
export async function measureBareLimit(seconds: number, sockets: number): Promise<BareLimit> {
  const child = fork(fileURLToPath(new URL('../echo-process.ts', import.meta.url)));
  const ask = (): Promise<EchoMessage> =>
    new Promise((resolve) => child.once('message', (answer) => resolve(answer as EchoMessage)));
  const { port } = await ask();
  if (port === undefined) throw new Error('the echo did not start');
  const cpu = async (): Promise<number> => {
    const answer = ask();
    child.send('cpu');
    const usage = (await answer).cpu;
    return (usage?.user ?? 0) + (usage?.system ?? 0);
  };
  try {
    await flood(port, 1, sockets);
    const before = await cpu();
    const started = performance.now();
    const echoes = await flood(port, seconds, sockets);
    const elapsed = (performance.now() - started) / 1000;
    return { perSecond: echoes / elapsed, cpuMicros: ((await cpu()) - before) / echoes };
  } finally {
    child.kill();
  }
}

async function flood(port: number, seconds: number, count: number): Promise<number> {
  const datagram = echoDatagram();
  const end = performance.now() + seconds * 1000;
  let echoes = 0;
  const sockets = await Promise.all(Array.from({ length: count }, () => bound()));
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('message', () => {
            echoes += 1;
            if (performance.now() < end) socket.send(datagram, port, '127.0.0.1');
            else resolve();
          });
          socket.send(datagram, port, '127.0.0.1');
        }),
    ),
  );
  for (const socket of sockets) socket.close();
  return echoes;
}

function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)));
}
