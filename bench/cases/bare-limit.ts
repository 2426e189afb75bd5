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

/**
 * What this machine takes for one datagram in, AES-CCM both ways, one datagram out, in a process that does nothing else: the floor below every publish.
 * As many sockets and datagrams in flight as the measurement that it stands beside: the kernel's work depends on both.
 */
export async function measureBareLimit(seconds: number, sockets: number, inFlight: number): Promise<BareLimit> {
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
  const peers = await Promise.all(Array.from({ length: sockets }, () => EchoPeer.bind(port)));
  try {
    await flood(peers, 1, inFlight);
    const before = await cpu();
    const started = performance.now();
    const echoes = await flood(peers, seconds, inFlight);
    const elapsed = (performance.now() - started) / 1000;
    return { perSecond: echoes / elapsed, cpuMicros: ((await cpu()) - before) / echoes };
  } finally {
    for (const peer of peers) peer.close();
    child.kill();
  }
}

/** Datagrams dealt to the sockets in turn, as publishes are. */
async function flood(peers: readonly EchoPeer[], seconds: number, inFlight: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let echoes = 0;
  let turn = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      await (peers[turn++ % peers.length] as EchoPeer).echo();
      echoes += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return echoes;
}

const datagram = echoDatagram();

class EchoPeer {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #waiting: (() => void)[] = [];

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.on('message', () => this.#waiting.shift()?.());
  }

  static async bind(port: number): Promise<EchoPeer> {
    return new EchoPeer(await bound(), port);
  }

  echo(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.send(datagram, this.#port, '127.0.0.1');
    });
  }

  close(): void {
    this.#socket.close();
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)));
}
