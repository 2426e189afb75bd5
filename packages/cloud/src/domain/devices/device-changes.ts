import type { DeviceId } from '@cloudchamber/kernel';
import { defineTopic } from '../../bus/index.ts';

/** What a verb has just committed about a device; fields that did not change are absent. */
export interface DeviceChange {
  readonly deviceId: DeviceId;
  readonly ownerId?: string | null;
  readonly name?: string;
  /** Null when it left its product. */
  readonly productId?: number | null;
}

/** Keeps the cards of `DeviceDirectory` true in every process. */
export const deviceChanges = defineTopic<DeviceChange>('devices');
