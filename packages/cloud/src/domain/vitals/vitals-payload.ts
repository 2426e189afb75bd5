import type { Metric } from '@cloudchamber/wire';

/** A value of the vitals document. */
type Leaf = number | string;
type Convert = (value: number) => Leaf;

interface Place {
  /** Where in the payload: keys from the root with dots between. */
  readonly path: string;
  readonly convert?: Convert;
  /** What stands beside the value, by key. */
  readonly beside?: Readonly<Record<string, string>>;
}

interface Tree {
  [key: string]: Tree | Leaf;
}

/** What a device says of itself, and in `service` what the cloud says of it (section 3 of the device notes). */
export type VitalsPayload = Readonly<Record<string, unknown>>;

const unsigned: Convert = (value) => value >>> 0;
/** 8.8 fixed point, to two decimals. */
const fixedPoint: Convert = (value) => Math.round((value / 256) * 100) / 100;
const word =
  (...words: string[]): Convert =>
  (value) =>
    words[value] ?? 'unknown';
/** Device OS marks a network code of two digits with the sign. */
const networkCode: Convert = (value) => (value < 0 ? String(-value).padStart(2, '0') : String(value).padStart(3, '0'));

const NETWORK_REASONS = ['none', 'error', 'user', 'network_off', 'listening', 'sleep', 'reset', 'unknown'];
const CLOUD_REASONS = [
  'none',
  'error',
  'user',
  'network_disconnect',
  'listening',
  'system_reset',
  'sleep',
  'unknown',
  'server_moved',
];
const NETWORK_STATES = [
  'turned_off',
  'turning_on',
  'disconnected',
  'connecting',
  'connected',
  'disconnecting',
  'turning_off',
];
const BATTERY_STATES = ['unknown', 'not_charging', 'charging', 'charged', 'discharging', 'fault', 'disconnected'];

/** What a radio calls its generation and its two measures, by the number that metric 36 has for it. */
interface Radio {
  readonly at: string;
  readonly generation?: string;
  readonly strength: string;
  readonly quality: string;
}
const RADIOS: ReadonlyMap<number, Radio> = new Map<number, Radio>([
  [1, { at: 'Wi-Fi', strength: 'RSSI', quality: 'SNR' }],
  [2, { at: 'GSM', generation: '2G', strength: 'RXLEV', quality: 'RXQUAL' }],
  [3, { at: 'EDGE', generation: '2G', strength: 'RXLEV', quality: 'RXQUAL' }],
  [4, { at: 'UMTS', generation: '3G', strength: 'RSCP', quality: 'ECN0' }],
  [5, { at: 'CDMA', generation: '3G', strength: 'RSSI', quality: 'ECN0' }],
  [6, { at: 'LTE', generation: 'LTE', strength: 'RSRP', quality: 'RSRQ' }],
  [8, { at: 'LTE Cat-M1', generation: 'LTE', strength: 'RSRP', quality: 'RSRQ' }],
  [9, { at: 'LTE Cat-NB1', generation: 'LTE', strength: 'RSRP', quality: 'RSRQ' }],
]);
const ACCESS_TECHNOLOGY = 36;

const SIGNAL = 'device.network.signal';
const CELLULAR = 'device.network.cellular';
const CELL = `${CELLULAR}.cell_global_identity`;
const NETWORK_CONNECTION = 'device.network.connection';
const CLOUD_CONNECTION = 'device.cloud.connection';
const COAP = 'device.cloud.coap';

/** Metric ids of protocol section 8.4 and their places in the vitals document. What is not here is not shown. */
const PLACES: ReadonlyMap<number, Place> = new Map<number, Place>([
  [40, { path: `${CELL}.mobile_country_code` }],
  [41, { path: `${CELL}.mobile_network_code`, convert: networkCode }],
  [42, { path: `${CELL}.location_area_code`, convert: unsigned }],
  [43, { path: `${CELL}.cell_id`, convert: unsigned }],
  [33, { path: `${SIGNAL}.strength`, convert: fixedPoint, beside: { strength_units: '%' } }],
  [37, { path: `${SIGNAL}.strengthv`, convert: fixedPoint, beside: { strengthv_units: 'dBm' } }],
  [34, { path: `${SIGNAL}.quality`, convert: fixedPoint, beside: { quality_units: '%' } }],
  [35, { path: `${SIGNAL}.qualityv`, convert: fixedPoint, beside: { qualityv_units: 'dB' } }],
  [8, { path: `${NETWORK_CONNECTION}.status`, convert: word(...NETWORK_STATES) }],
  [9, { path: `${NETWORK_CONNECTION}.error` }],
  [12, { path: `${NETWORK_CONNECTION}.disconnects`, convert: unsigned }],
  [27, { path: `${NETWORK_CONNECTION}.attempts`, convert: unsigned }],
  [28, { path: `${NETWORK_CONNECTION}.disconnect_reason`, convert: word(...NETWORK_REASONS) }],
  [
    10,
    {
      path: `${CLOUD_CONNECTION}.status`,
      convert: word('disconnected', 'connecting', 'connected', 'disconnecting'),
    },
  ],
  [13, { path: `${CLOUD_CONNECTION}.error` }],
  [29, { path: `${CLOUD_CONNECTION}.attempts`, convert: unsigned }],
  [14, { path: `${CLOUD_CONNECTION}.disconnects`, convert: unsigned }],
  [30, { path: `${CLOUD_CONNECTION}.disconnect_reason`, convert: word(...CLOUD_REASONS) }],
  [23, { path: `${COAP}.transmit`, convert: unsigned }],
  [21, { path: `${COAP}.retransmit`, convert: unsigned }],
  [22, { path: `${COAP}.unack`, convert: unsigned }],
  [31, { path: `${COAP}.round_trip`, convert: unsigned }],
  [20, { path: 'device.cloud.publish.rate_limited', convert: unsigned }],
  [3, { path: 'device.power.battery.charge', convert: fixedPoint }],
  [7, { path: 'device.power.battery.state', convert: word(...BATTERY_STATES) }],
  [
    24,
    {
      path: 'device.power.source',
      convert: word('unknown', 'VIN', 'USB host', 'USB adapter', 'USB OTG', 'battery'),
    },
  ],
  [6, { path: 'device.system.uptime', convert: unsigned }],
  [26, { path: 'device.system.memory.used', convert: unsigned }],
  [25, { path: 'device.system.memory.total', convert: unsigned }],
]);

/**
 * The vitals document of a device's metrics, without `service`. A value that the device could not read stands as `{ "err": <its number> }`.
 * Percentages and signal levels are read as 8.8 fixed point.
 */
export function vitalsPayload(metrics: readonly Metric[]): VitalsPayload {
  const payload: Tree = { device: {} };
  for (const metric of metrics) {
    const place = PLACES.get(metric.id);
    if (place === undefined) continue;
    if ('error' in metric) {
      put(payload, place.path, { err: metric.error });
      continue;
    }
    put(payload, place.path, place.convert?.(metric.value) ?? metric.value);
    const branch = place.path.slice(0, place.path.lastIndexOf('.'));
    for (const [key, value] of Object.entries(place.beside ?? {})) put(payload, `${branch}.${key}`, value);
  }
  nameRadio(payload, metrics);
  return payload;
}

/** What the values of the signal mean depends on the radio. */
function nameRadio(payload: Tree, metrics: readonly Metric[]): void {
  const metric = metrics.find(({ id }) => id === ACCESS_TECHNOLOGY);
  if (metric === undefined) return;
  if ('error' in metric) return put(payload, `${SIGNAL}.at`, { err: metric.error });
  const radio = RADIOS.get(metric.value);
  put(payload, `${SIGNAL}.at`, radio?.at ?? 'unknown');
  if (radio === undefined) return;
  if (radio.generation !== undefined) put(payload, `${CELLULAR}.radio_access_technology`, radio.generation);
  const measured = (id: number) => metrics.some((other) => other.id === id && 'value' in other);
  if (measured(37)) put(payload, `${SIGNAL}.strengthv_type`, radio.strength);
  if (measured(35)) put(payload, `${SIGNAL}.qualityv_type`, radio.quality);
}

function put(payload: Tree, path: string, value: Tree | Leaf): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let branch = payload;
  for (const key of keys) {
    const inner = branch[key];
    const next: Tree = typeof inner === 'object' ? inner : {};
    branch[key] = next;
    branch = next;
  }
  branch[last] = value;
}
