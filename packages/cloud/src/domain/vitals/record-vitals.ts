import type { DeviceId } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import type { DeviceWrites } from '../devices/index.ts';
import type { VitalsPayload } from './vitals-payload.ts';
import { findSessionBegin, saveVitals, type VitalsRecord } from './vitals-store.ts';

/**
 * The vitals of a device with what the cloud says of it in `service`: whatever a device says there itself gives way.
 * @param at when they came, ms UTC
 */
export async function withService(
  { reads }: Pick<Store, 'reads'>,
  deviceId: DeviceId,
  at: number,
  payload: VitalsPayload,
): Promise<VitalsPayload> {
  const began = await findSessionBegin(reads, deviceId);
  const uptime = began === null ? undefined : { uptime: Math.max(0, Math.floor((at - began) / 1000)) };
  return { ...payload, service: { device: { status: 'ok' }, ...(uptime && { cloud: uptime }) } };
}

/** Keeps the vitals of a device. Resolves when they are durable. */
export function recordVitals(writes: DeviceWrites, deviceId: DeviceId, record: VitalsRecord): Promise<void> {
  return writes.run((db) => saveVitals(db, deviceId, record));
}
