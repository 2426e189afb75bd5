import type { VitalsPayload } from './vitals-payload.ts';

/** Where the values of a vitals document are, in the order in which a table shows them: keys from the root with dots between. */
export const VITALS_PATHS = [
  'device.network.cellular.radio_access_technology',
  'device.network.cellular.operator',
  'device.network.cellular.cell_global_identity.mobile_country_code',
  'device.network.cellular.cell_global_identity.mobile_network_code',
  'device.network.cellular.cell_global_identity.location_area_code',
  'device.network.cellular.cell_global_identity.cell_id',
  'device.network.signal.at',
  'device.network.signal.strength',
  'device.network.signal.strength_units',
  'device.network.signal.strengthv',
  'device.network.signal.strengthv_units',
  'device.network.signal.strengthv_type',
  'device.network.signal.quality',
  'device.network.signal.quality_units',
  'device.network.signal.qualityv',
  'device.network.signal.qualityv_units',
  'device.network.signal.qualityv_type',
  'device.network.connection.status',
  'device.network.connection.error',
  'device.network.connection.disconnects',
  'device.network.connection.attempts',
  'device.network.connection.disconnect_reason',
  'device.cloud.connection.status',
  'device.cloud.connection.error',
  'device.cloud.connection.attempts',
  'device.cloud.connection.disconnects',
  'device.cloud.connection.disconnect_reason',
  'device.cloud.coap.transmit',
  'device.cloud.coap.retransmit',
  'device.cloud.coap.unack',
  'device.cloud.coap.round_trip',
  'device.cloud.publish.rate_limited',
  'device.power.battery.charge',
  'device.power.battery.state',
  'device.power.source',
  'device.system.uptime',
  'device.system.memory.used',
  'device.system.memory.total',
  'service.device.status',
  'service.cloud.uptime',
] as const;

export type VitalsPath = (typeof VITALS_PATHS)[number];

const MOST_DEPTH = 8;

/** What stands at the path, or undefined. A payload may be a device's own: anything can be in it. */
export function valueAt(payload: VitalsPayload, path: VitalsPath): unknown {
  let value: unknown = payload;
  for (const key of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** What stands at the path when it is a number that can be measured with. */
export function numberAt(payload: VitalsPayload, path: VitalsPath): number | undefined {
  const value = valueAt(payload, path);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether nothing in it is deeper than any document that a device has to send. */
export function isShallow(value: unknown, depth = MOST_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
