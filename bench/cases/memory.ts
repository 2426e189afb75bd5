import { Load } from '../load.ts';
import type { ServerProcess } from '../server-process.ts';
import { connectDevices, registerDevices } from './publish.ts';

/** As many again connect first, so that code, caches and heap have their working size before anything is measured. */
const WARM_UP_PART = 0.4;

export interface MemoryFigures {
  readonly sessions: number;
  readonly bytesPerSession: number;
}

/**
 * Growth of the resident memory by idle sessions of devices that the store knew before, after garbage collections on both sides of the measurement.
 * @param idleSeconds how long sessions are left alone before they count as idle: longer than the gateway keeps expanded keys
 */
export async function measureMemory(
  server: ServerProcess,
  sessions: number,
  idleSeconds: number,
): Promise<MemoryFigures> {
  const [earlier, measured] = [new Load(), new Load()];
  try {
    await registerDevices(server, measured, sessions, 0x2100_0000);
    await registerDevices(server, earlier, Math.ceil(sessions * WARM_UP_PART), 0x2000_0000);
    await connectDevices(earlier);
    await pause(idleSeconds * 500);
    const before = (await server.settledFigures()).residentBytes;
    await connectDevices(measured);
    await pause(idleSeconds * 1000);
    const after = (await server.settledFigures()).residentBytes;
    return { sessions, bytesPerSession: (after - before) / sessions };
  } finally {
    earlier.stop();
    measured.stop();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
