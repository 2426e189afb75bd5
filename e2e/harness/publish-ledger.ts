import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';
import type { StorePlace } from '@cloudchamber/testkit';
import { DeviceError, type VirtualDevice } from '@cloudchamber/virtual-device';

const EVENT = 'ledger';
const PAGE = 10_000;

/** What the event log has of the ledger's events. */
export interface Audit {
  readonly stored: number;
  /** Acknowledged to a device, and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly doubled: readonly string[];
  /** There, and never sent. */
  readonly invented: readonly string[];
}

/** Publishes events that are all different from many devices, and remembers which of them the devices saw acknowledged. */
export class PublishLedger {
  readonly acknowledged = new Set<string>();
  readonly #sent = new Set<string>();
  #number = 0;

  get sent(): number {
    return this.#sent.size;
  }

  /** Every device publishes one event after the other, with `everyMs` in between, until its connection is gone or `enough` is true. */
  async publishFrom(
    devices: readonly VirtualDevice[],
    everyMs: number,
    enough: () => boolean = () => false,
  ): Promise<void> {
    await Promise.all(devices.map((device) => this.#publishFrom(device, everyMs, enough)));
  }

  async #publishFrom(device: VirtualDevice, everyMs: number, enough: () => boolean): Promise<void> {
    await pause(everyMs * Math.random());
    while (!enough()) {
      const data = `${device.deviceId} ${this.#number++}`;
      try {
        const publishing = device.publish(EVENT, data);
        this.#sent.add(data);
        await publishing;
      } catch (error) {
        if (error instanceof DeviceError && LOST_CONNECTION.includes(error.code)) return;
        throw error;
      }
      this.acknowledged.add(data);
      await pause(everyMs);
    }
  }

  /** Holds the event log of a server that has ended against what was sent and acknowledged. */
  async audit(place: StorePlace): Promise<Audit> {
    const times = await readTimes(place);
    const stored = [...times];
    return {
      stored: stored.length,
      lost: [...this.acknowledged].filter((data) => !times.has(data)),
      doubled: stored.filter(([, count]) => count > 1).map(([data]) => data),
      invented: stored.map(([data]) => data).filter((data) => !this.#sent.has(data)),
    };
  }
}

const LOST_CONNECTION: readonly string[] = ['device.unacknowledged', 'device.not_connected'];

/** How often each of the ledger's events is in the log. */
async function readTimes(place: StorePlace): Promise<Map<string, number>> {
  const store = await openStore({ ...place, clock: systemClock, log: silentLogger });
  const times = new Map<string, number>();
  try {
    let afterSequence = 0;
    for (;;) {
      const page = await store.events.read({ namePrefix: EVENT, afterSequence, limit: PAGE });
      for (const { data, sequence } of page) {
        const text = Buffer.from(data ?? []).toString();
        times.set(text, (times.get(text) ?? 0) + 1);
        afterSequence = sequence;
      }
      if (page.length < PAGE) return times;
    }
  } finally {
    await store.close();
  }
}
