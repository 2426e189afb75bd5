import { type Clock, type DeviceId, seededEntropy } from '@cloudchamber/kernel';
import type { BehaviourDevice } from '../src/index.ts';

/** A device for tests of behaviours: it keeps what they publish. */
export class FakeDevice implements BehaviourDevice {
  readonly deviceId = '0a10aced0000000000000001' as DeviceId;
  readonly entropy = seededEntropy(1);
  readonly published: { readonly name: string; readonly data: string }[] = [];
  /** What publishing comes to. */
  outcome: Promise<void> = Promise.resolve();
  readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  updatePending(): boolean {
    return false;
  }

  publish(name: string, data: string | Uint8Array = ''): Promise<void> {
    this.published.push({ name, data: Buffer.from(data).toString() });
    return this.outcome;
  }
}
