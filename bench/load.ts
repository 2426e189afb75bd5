import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command, Made } from './load-process.ts';
import type { ServerProcess } from './server-process.ts';

/** The load generator in its own process. */
export class Load {
  readonly #child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), { serialization: 'advanced' });
  readonly #calls = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;

  constructor() {
    this.#child.on('message', (message: { call: number; result?: unknown; error?: string }) => {
      const waiting = this.#calls.get(message.call);
      this.#calls.delete(message.call);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error));
    });
    this.#child.on('exit', () => {
      for (const { reject } of this.#calls.values()) reject(new Error('the load generator ended'));
    });
  }

  tell<Result>(command: Command): Promise<Result> {
    const call = this.#next++;
    return new Promise<Result>((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as (result: unknown) => void, reject });
      this.#child.send({ call, command });
    });
  }

  /** Registers and connects whole virtual devices with the behaviour `echo`. @param first counts on for another fleet of the same server @returns their ids */
  async fleet(server: ServerProcess, count: number, first = 1): Promise<string[]> {
    const { devices } = await this.tell<Made>({ do: 'make-fleet', count, first, target: server.udp });
    for (const device of devices) await server.register(device);
    await this.tell({ do: 'connect-fleet' });
    return devices.map(({ id }) => id);
  }

  stop(): void {
    this.#child.kill();
  }
}
