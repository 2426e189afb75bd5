import type { Metric } from '@cloudchamber/wire';

type Convert = (value: number) => number | string;

interface Place {
  /** Where in the payload, as keys from the root. */
  readonly path: readonly string[];
  readonly convert?: Convert;
}

const unsigned: Convert = (value) => value >>> 0;
/** 8.8 fixed point, to two decimals. */
const fixedPoint: Convert = (value) => Math.round((value / 256) * 100) / 100;
const word =
  (...words: string[]): Convert =>
  (value) =>
    words[value] ?? 'unknown';

const network = ['device', 'network'];
const signal = [...network, 'signal'];
const networkConnection = [...network, 'connection'];
const cell = [...network, 'cellular', 'cell_global_identity'];
const cloud = ['device', 'cloud'];
const cloudConnection = [...cloud, 'connection'];
const coap = [...cloud, 'coap'];
const battery = ['device', 'power', 'battery'];
const memory = ['device', 'system', 'memory'];

/** Metric ids of protocol section 8.4 and their places in the vitals document. What is not here is not shown. */
const PLACES: ReadonlyMap<number, Place> = new Map<number, Place>([
  [3, { path: [...battery, 'charge'], convert: fixedPoint }],
  [6, { path: ['device', 'system', 'uptime'], convert: unsigned }],
  [
    7,
    {
      path: [...battery, 'state'],
      convert: word('unknown', 'not_charging', 'charging', 'charged', 'discharging', 'fault'),
    },
  ],
  [
    8,
    {
      path: [...networkConnection, 'status'],
      convert: word(
        'turned_off',
        'turning_on',
        'disconnected',
        'connecting',
        'connected',
        'disconnecting',
        'turning_off',
      ),
    },
  ],
  [9, { path: [...networkConnection, 'error'] }],
  [
    10,
    {
      path: [...cloudConnection, 'status'],
      convert: word('disconnected', 'connecting', 'connected', 'disconnecting'),
    },
  ],
  [12, { path: [...networkConnection, 'disconnects'], convert: unsigned }],
  [13, { path: [...cloudConnection, 'error'] }],
  [14, { path: [...cloudConnection, 'disconnects'], convert: unsigned }],
  [20, { path: [...cloud, 'publish', 'rate_limited'], convert: unsigned }],
  [21, { path: [...coap, 'retransmit'], convert: unsigned }],
  [22, { path: [...coap, 'unack'], convert: unsigned }],
  [23, { path: [...coap, 'transmit'], convert: unsigned }],
  [25, { path: [...memory, 'total'], convert: unsigned }],
  [26, { path: [...memory, 'used'], convert: unsigned }],
  [27, { path: [...networkConnection, 'attempts'], convert: unsigned }],
  [29, { path: [...cloudConnection, 'attempts'], convert: unsigned }],
  [31, { path: [...coap, 'round_trip'], convert: unsigned }],
  [33, { path: [...signal, 'strength'], convert: fixedPoint }],
  [34, { path: [...signal, 'quality'], convert: fixedPoint }],
  [35, { path: [...signal, 'qualityv'], convert: fixedPoint }],
  [37, { path: [...signal, 'strengthv'], convert: fixedPoint }],
  [40, { path: [...cell, 'mobile_country_code'] }],
  [41, { path: [...cell, 'mobile_network_code'], convert: String }],
  [42, { path: [...cell, 'location_area_code'], convert: unsigned }],
  [43, { path: [...cell, 'cell_id'], convert: unsigned }],
]);

interface Tree {
  [key: string]: Tree | number | string;
}

/**
 * The vitals document that streams show as the data of `spark/device/diagnostics/update`. A value that the device could not read stands as
 * `{ "err": <its number> }`. Percentages and signal levels are read as 8.8 fixed point.
 */
export function vitalsPayload(metrics: readonly Metric[]): Readonly<Record<string, unknown>> {
  const payload: Tree = { device: {}, service: { device: { status: 'ok' } } };
  for (const metric of metrics) {
    const place = PLACES.get(metric.id);
    if (place === undefined) continue;
    if ('error' in metric) put(payload, place.path, { err: metric.error });
    else put(payload, place.path, place.convert?.(metric.value) ?? metric.value);
  }
  return payload;
}

function put(tree: Tree, path: readonly string[], value: Tree | number | string): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const inner = tree[key];
  const branch: Tree = typeof inner === 'object' ? inner : {};
  tree[key] = branch;
  put(branch, rest, value);
}
