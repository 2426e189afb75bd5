import type { Load } from '../load.ts';
import type { ServerProcess } from '../server-process.ts';

export interface HandshakeFigures {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const CONCURRENCY = 32;
const WARM_UP = 1000;

/** Full handshakes with cookie, to both Finished messages; nothing else is said. */
export async function measureHandshakes(server: ServerProcess, load: Load, count: number): Promise<HandshakeFigures> {
  const target = server.udp;
  // The first ones run before the code is compiled.
  await load.tell({ do: 'make', count: WARM_UP, first: 0x1100_0000, target });
  await load.tell({ do: 'handshake', concurrency: CONCURRENCY });
  await load.tell({ do: 'close' });
  await load.tell({ do: 'make', count, first: 0x1000_0000, target });
  const before = await server.figures();
  const { seconds } = await load.tell<{ seconds: number }>({ do: 'handshake', concurrency: CONCURRENCY });
  const after = await server.figures();
  await load.tell({ do: 'close' });
  return { perSecond: count / seconds, cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / count };
}
