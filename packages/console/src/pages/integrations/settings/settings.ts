/** Settings of an integration as its JSON has them (INT-04). */
export type Settings = Readonly<Record<string, unknown>>;

/** What the cloud shows in place of a secret, and takes for "as it is". */
export const MASK = '[[SENSITIVE]]';

/** Keys of the cloud's answers, which are no settings. */
const ANSWER_KEYS: readonly string[] = [
  'id',
  'ok',
  'hookUrl',
  'integrationUrl',
  'created_at',
  'updated_at',
  'counters',
  'logs',
  'last_result',
  'last_30_days',
];

/** Other spellings, and what they stand for. */
export const ALIASES: Readonly<Record<string, string>> = {
  eventName: 'event',
  deviceid: 'deviceID',
  deviceId: 'deviceID',
};

const KNOWN_KEYS: readonly string[] = [
  'integration_type',
  'event',
  'name',
  'url',
  'requestType',
  'deviceID',
  'products',
  'headers',
  'auth',
  'query',
  'form',
  'json',
  'body',
  'noDefaults',
  'rejectUnauthorized',
  'responseTemplate',
  'responseTopic',
  'errorResponseTopic',
  'unchunked',
  'dataUrlResponseEvent',
  'disabled',
  'mode',
  'signing_secret',
  'topic',
  ...Object.keys(ALIASES),
];

/** @returns the settings in an answer of the cloud, without what it says beside them */
export function settingsOfAnswer(answer: Settings): Settings {
  return Object.fromEntries(Object.entries(answer).filter(([key]) => !ANSWER_KEYS.includes(key)));
}

/** A key that this cloud keeps and does nothing with. */
export interface UnknownKey {
  readonly key: string;
  /** The key that may have been meant. */
  readonly meant: string | undefined;
}

/** @returns keys that mean nothing to this cloud, in their order */
export function unknownKeys(settings: Settings): readonly UnknownKey[] {
  return Object.keys(settings)
    .filter((key) => !KNOWN_KEYS.includes(key))
    .map((key) => ({ key, meant: KNOWN_KEYS.find((known) => plain(known) === plain(key)) }));
}

const plain = (key: string) => key.toLowerCase().replaceAll(/[^a-z]/g, '');

/** @returns a setting by its own or another spelling; undefined for what counts as not given: null and an empty text */
export function given(settings: Settings, key: string): unknown {
  const spellings = [key, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === key)];
  return spellings.map((one) => (Object.hasOwn(settings, one) ? settings[one] : undefined)).find(isGiven);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
