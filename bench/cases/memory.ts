import type { Load } from '../load.ts';
import type { ServerProcess } from '../server-process.ts';
import { connectDevices } from './publish.ts';

/** How long sessions are left alone before they count as idle: longer than the gateway keeps expanded keys. */
const IDLE_MS = 12_000;

export interface MemoryFigures {
  readonly sessions: number;
  readonly bytesPerSession: number;
}

/** Growth of the resident memory by idle sessions, after a garbage collection on both sides of the measurement. */
export async function measureMemory(server: ServerProcess, load: Load, sessions: number): Promise<MemoryFigures> {
  // Code, caches and heap reach their working size before anything is measured.
  await connectDevices(server, load, 500, 0x2000_0000);
  await load.tell({ do: 'close' });
  await pause(IDLE_MS / 2);
  const before = (await server.settledFigures()).residentBytes;
  await connectDevices(server, load, sessions, 0x2100_0000);
  await pause(IDLE_MS);
  const after = (await server.settledFigures()).residentBytes;
  await load.tell({ do: 'close' });
  return { sessions, bytesPerSession: (after - before) / sessions };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
