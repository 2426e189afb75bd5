import type { DeviceId } from '@cloudchamber/kernel';
import { defineTopic } from '../../bus/index.ts';

/** What devices of a product should run, or whether they let it be sent, may have changed; told after the commit. */
export interface TargetsChanged {
  readonly productId: number;
  /** The devices that it may have changed for; absent for all of the product. */
  readonly deviceIds?: readonly DeviceId[];
}

export const firmwareTargets = defineTopic<TargetsChanged>('firmware-targets');
