import type { Clock, DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { findDevice } from '../devices/index.ts';
import { DEFAULT_TTL_SECONDS } from './event-limits.ts';
import { keepEvent } from './keep-event.ts';

/** Publishes an event of the cloud's own about a device (protocol section 7.3). Nothing happens when the device is gone. @throws as `keepEvent` */
export async function tellOfDevice(
  parts: { readonly store: Store; readonly bus: Bus; readonly clock: Clock },
  deviceId: DeviceId,
  name: string,
  text: string,
): Promise<void> {
  const device = await findDevice(parts.store.db, deviceId);
  if (device === undefined) return;
  const event = { name, data: Buffer.from(text), contentFormat: 0, ttlSeconds: DEFAULT_TTL_SECONDS };
  await keepEvent(parts, { ...event, receivedAt: parts.clock.now() }, device);
}
