import type { Load } from '../load.ts';
import type { ServerProcess } from '../server-process.ts';
import { registerDevices } from './publish.ts';

export interface StormFigures {
  readonly devices: number;
  /** From the first hello to the last device admitted. */
  readonly seconds: number;
  readonly cpuMicros: number;
}

/** Every device at once, without a session: what a cloud sees that has lost all of them. A handshake and Hello each, stored. */
export async function measureStorm(server: ServerProcess, load: Load, devices: number): Promise<StormFigures> {
  await registerDevices(server, load, devices, 0x3000_0000);
  const before = await server.figures();
  const { seconds } = await load.tell<{ seconds: number }>({ do: 'connect', concurrency: devices });
  const after = await server.figures();
  return { devices, seconds, cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / devices };
}
