import { percentile } from '../percentile.ts';
import type { ServerProcess } from '../server-process.ts';

export interface CallFigures {
  /** REST request to its answer, in ms. */
  readonly p50: number;
  readonly p99: number;
}

/** A function call one after the other: HTTP in, a confirmable to the device, its ACK and its response, HTTP out. */
export async function measureCalls(server: ServerProcess, deviceId: string, calls: number): Promise<CallFigures> {
  const times: number[] = [];
  for (let call = 0; call < calls + 50; call++) {
    const started = performance.now();
    const answer = (await server.post(`/v1/devices/${deviceId}/echo`, { arg: 'hello' })) as { return_value: number };
    if (answer.return_value !== 5) throw new Error(`the function returned ${answer.return_value}`);
    if (call >= 50) times.push(performance.now() - started);
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}
