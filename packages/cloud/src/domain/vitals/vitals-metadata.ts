import type { VitalsPath } from './vitals-places.ts';

/** When a value is worth a warning. A ratio is of the values at the two paths. */
export type VitalsLimit =
  | { readonly type: 'below' | 'above'; readonly warning: number }
  | {
      readonly type: 'ratio_above';
      readonly ratio: number;
      readonly param1: VitalsPath;
      readonly param2: VitalsPath;
    };

/** What people are told of a value. */
interface VitalsMeaning {
  readonly title: string;
  readonly description: string;
  /** A number when there are units or a limit, a text where there are words, and a number otherwise unless this says it. */
  readonly type?: 'string';
  readonly unit?: string;
  /** How the value is made one of the unit. */
  readonly convert?: { readonly type: 'round' | 'divide'; readonly by: number };
  readonly limit?: VitalsLimit;
  /** What it may say, and which of that is a warning. */
  readonly words?: { readonly healthy: readonly string[]; readonly warning: readonly string[] };
  readonly healthy?: string;
  readonly warning?: string;
}

const REASONS = {
  type: 'string',
  words: {
    healthy: ['none', 'user', 'listening', 'sleep', 'system_reset', 'network_off'],
    warning: ['error', 'reset', 'network_disconnect', 'server_moved', 'unknown'],
  },
} as const;

/** The values of a vitals document that mean something to people, the most telling first. */
const MEANINGS = {
  'device.network.signal.strength': {
    title: 'Signal strength',
    description: 'How strong the radio signal is, compared with the best that the radio can tell.',
    unit: '%',
    convert: { type: 'round', by: 0.01 },
    limit: { type: 'below', warning: 10 },
    healthy: 'The signal is strong enough.',
    warning: 'The signal is weak: move the device or its antenna.',
  },
  'device.network.signal.strengthv': {
    title: 'Signal strength as measured',
    description: 'The measure that the radio takes; strengthv_type says which.',
    unit: 'dBm',
    convert: { type: 'round', by: 0.01 },
  },
  'device.network.signal.quality': {
    title: 'Signal quality',
    description: 'How little noise and interference is in the signal.',
    unit: '%',
    convert: { type: 'round', by: 0.01 },
    limit: { type: 'below', warning: 10 },
    healthy: 'The signal is clear enough.',
    warning: 'There is much interference: move the device or its antenna.',
  },
  'device.network.signal.qualityv': {
    title: 'Signal quality as measured',
    description: 'The measure that the radio takes; qualityv_type says which.',
    unit: 'dB',
    convert: { type: 'round', by: 0.01 },
  },
  'device.network.signal.at': {
    title: 'Access technology',
    description: 'How the device reaches its network.',
    type: 'string',
    words: {
      healthy: ['Wi-Fi', 'GSM', 'EDGE', 'UMTS', 'CDMA', 'LTE', 'LTE Cat-M1', 'LTE Cat-NB1'],
      warning: ['unknown'],
    },
  },
  'device.cloud.coap.round_trip': {
    title: 'Round trip',
    description: 'How long the cloud took to acknowledge a message, as the device measured.',
    unit: 'ms',
    limit: { type: 'above', warning: 5000 },
    healthy: 'Messages are acknowledged in good time.',
    warning: 'Messages take long: the network is slow or loses packets.',
  },
  'device.cloud.publish.rate_limited': {
    title: 'Events held back',
    description: 'Events that the device did not publish because it had published too many.',
    unit: 'events',
    limit: { type: 'above', warning: 0 },
    healthy: 'No event was held back.',
    warning: 'The application publishes faster than it may.',
  },
  'device.cloud.coap.unack': {
    title: 'Messages without acknowledgement',
    description: 'Messages that the cloud did not acknowledge, after all repetitions.',
    unit: 'messages',
    limit: { type: 'above', warning: 0 },
    healthy: 'Every message was acknowledged.',
    warning: 'Messages were lost: the network is bad.',
  },
  'device.cloud.coap.transmit': {
    title: 'Messages sent',
    description: 'Messages that the device sent to the cloud since it started.',
    unit: 'messages',
  },
  'device.cloud.coap.retransmit': {
    title: 'Messages repeated',
    description: 'Messages that the device had to send again.',
    unit: 'messages',
  },
  'device.cloud.connection.status': {
    title: 'Connection to the cloud',
    description: 'Where the connection of the device to the cloud stood.',
    type: 'string',
    words: { healthy: ['connected'], warning: ['disconnected', 'connecting', 'disconnecting', 'unknown'] },
  },
  'device.cloud.connection.disconnects': {
    title: 'Disconnections from the cloud',
    description: 'How often the device lost the cloud without wanting to, since it started.',
    unit: 'times',
  },
  'device.cloud.connection.attempts': {
    title: 'Attempts to connect to the cloud',
    description: 'How often the device tried before it was connected.',
    unit: 'times',
  },
  'device.cloud.connection.error': {
    title: 'Last error of the cloud connection',
    description: 'The error number of Device OS; 0 for none.',
  },
  'device.cloud.connection.disconnect_reason': {
    title: 'Why the cloud connection ended',
    description: 'The reason of the last time.',
    ...REASONS,
  },
  'device.network.connection.status': {
    title: 'Connection to the network',
    description: 'Where the connection of the device to its network stood.',
    type: 'string',
    words: {
      healthy: ['connected'],
      warning: ['turned_off', 'turning_on', 'disconnected', 'connecting', 'disconnecting', 'turning_off', 'unknown'],
    },
  },
  'device.network.connection.disconnects': {
    title: 'Disconnections from the network',
    description: 'How often the device lost its network without wanting to, since it started.',
    unit: 'times',
  },
  'device.network.connection.attempts': {
    title: 'Attempts to connect to the network',
    description: 'How often the device tried before it was connected.',
    unit: 'times',
  },
  'device.network.connection.error': {
    title: 'Last error of the network connection',
    description: 'The error number of Device OS; 0 for none.',
  },
  'device.network.connection.disconnect_reason': {
    title: 'Why the network connection ended',
    description: 'The reason of the last time.',
    ...REASONS,
  },
  'device.network.cellular.radio_access_technology': {
    title: 'Generation of the cellular network',
    description: '2G, 3G or LTE.',
    type: 'string',
    words: { healthy: ['2G', '3G', 'LTE'], warning: [] },
  },
  'device.network.cellular.operator': {
    title: 'Operator',
    description: 'The cellular operator, where the device tells.',
    type: 'string',
  },
  'device.network.cellular.cell_global_identity.mobile_country_code': {
    title: 'Country of the cell',
    description: 'Mobile country code.',
  },
  'device.network.cellular.cell_global_identity.mobile_network_code': {
    title: 'Network of the cell',
    description: 'Mobile network code, two or three digits.',
    type: 'string',
  },
  'device.network.cellular.cell_global_identity.location_area_code': {
    title: 'Area of the cell',
    description: 'Location area code, or tracking area code of LTE.',
  },
  'device.network.cellular.cell_global_identity.cell_id': {
    title: 'Cell',
    description: 'The number of the cell.',
  },
  'device.power.battery.charge': {
    title: 'Battery charge',
    description: 'How full the battery is.',
    unit: '%',
    convert: { type: 'round', by: 0.01 },
    limit: { type: 'below', warning: 15 },
    healthy: 'There is enough charge.',
    warning: 'The battery is nearly empty.',
  },
  'device.power.battery.state': {
    title: 'Battery state',
    description: 'What happens to the battery.',
    type: 'string',
    words: {
      healthy: ['charging', 'charged', 'discharging', 'not_charging', 'disconnected'],
      warning: ['fault', 'unknown'],
    },
  },
  'device.power.source': {
    title: 'Power source',
    description: 'What the device is fed from.',
    type: 'string',
    words: { healthy: ['VIN', 'USB host', 'USB adapter', 'USB OTG', 'battery'], warning: ['unknown'] },
  },
  'device.system.uptime': {
    title: 'Uptime',
    description: 'How long the device has been running.',
    unit: 's',
  },
  'device.system.memory.used': {
    title: 'Memory in use',
    description: 'How much of its memory the device uses.',
    unit: 'KiB',
    convert: { type: 'divide', by: 1024 },
    limit: {
      type: 'ratio_above',
      ratio: 0.9,
      param1: 'device.system.memory.used',
      param2: 'device.system.memory.total',
    },
    healthy: 'There is memory left.',
    warning: 'Memory is nearly used up: the application may leak.',
  },
  'device.system.memory.total': {
    title: 'Memory',
    description: 'How much memory the device has.',
    unit: 'KiB',
    convert: { type: 'divide', by: 1024 },
  },
  'service.device.status': {
    title: 'Service',
    description: 'Whether the cloud serves the device.',
    type: 'string',
    words: { healthy: ['ok'], warning: [] },
  },
  'service.cloud.uptime': {
    title: 'Session',
    description: 'How long the session of the device had lasted.',
    unit: 's',
  },
} satisfies Partial<Record<VitalsPath, VitalsMeaning>>;

/** The limit of a value, or undefined where none is a warning. */
export function limitOf(path: VitalsPath): VitalsLimit | undefined {
  const meanings: Partial<Record<VitalsPath, VitalsMeaning>> = MEANINGS;
  return meanings[path]?.limit;
}

interface Branch {
  [key: string]: Branch | object;
}

/** What the values of a vitals document mean: a tree like the document's, with a leaf for each (section 3 of the device notes). */
export function vitalsMetadata(): Readonly<Record<string, unknown>> {
  const tree: Branch = {};
  for (const [index, [path, meaning]] of Object.entries<VitalsMeaning>(MEANINGS).entries()) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let branch = tree;
    for (const key of keys) {
      const inner: Branch = { ...branch[key] };
      branch[key] = inner;
      branch = inner;
    }
    branch[last] = leafOf(path, meaning, index + 1);
  }
  return tree;
}

function leafOf(describes: string, meaning: VitalsMeaning, priority: number): object {
  const { title, type = 'number', unit, convert, limit, words, description, healthy, warning } = meaning;
  return {
    title,
    type,
    priority,
    ...(unit !== undefined && { units: { title: unit, ...(convert && { convert }) } }),
    ...(limit && { ranges: limit }),
    ...(words && { values: { all: [...words.healthy, ...words.warning], ...words } }),
    messages: { description, ...(healthy && { healthy }), ...(warning && { warning }) },
    describes,
  };
}
