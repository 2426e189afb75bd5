import { type Clock, seconds } from '@cloudchamber/kernel';
import type { ConnectionEnd } from '../connection-end.ts';
import type { ServerAddress } from '../datagram-socket.ts';
import type { StateChange } from '../device-state.ts';
import type { Fleet } from '../fleet.ts';
import type { VirtualDevice } from '../virtual-device.ts';
import { hintFor } from './hints.ts';

const EVERY_MS = seconds(2);

/** Tells a person how a fleet is doing: sums every 2 s while they change, each kind of trouble once, and every change when that is wanted. */
export class Progress {
  readonly #write: (line: string) => void;
  readonly #server: ServerAddress;
  readonly #verbose: boolean;
  readonly #names: ReadonlyMap<string, string>;
  readonly #told = new Set<ConnectionEnd>();
  #lastSums = '';

  /** @param names of devices by id */
  constructor(
    write: (line: string) => void,
    server: ServerAddress,
    names: ReadonlyMap<string, string>,
    verbose: boolean,
  ) {
    this.#write = write;
    this.#server = server;
    this.#names = names;
    this.#verbose = verbose;
  }

  changed(device: VirtualDevice, { state, end, explanation }: StateChange): void {
    const name = `${this.#names.get(device.deviceId) ?? ''} ${device.deviceId}`.trim();
    if (this.#verbose) this.#write(explanation === undefined ? `${name} ${state}` : `${name} ${state}: ${explanation}`);
    if (end === undefined || end === 'left' || this.#told.has(end)) return;
    this.#told.add(end);
    this.#write(`${name}: ${hintFor(end, this.#server)}`);
  }

  /** Writes the sums every 2 s when they have changed. */
  watch(fleet: Fleet, clock: Clock): void {
    clock.after(EVERY_MS, () => {
      const sums = Object.entries(fleet.states())
        .map(([state, count]) => `${count} ${state}`)
        .join(', ');
      if (sums !== this.#lastSums) this.#write(sums);
      this.#lastSums = sums;
      this.watch(fleet, clock);
    });
  }
}
