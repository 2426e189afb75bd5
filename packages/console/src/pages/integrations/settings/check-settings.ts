import { given, isObject, type Settings } from './settings.ts';

/** What is wrong with a key, so that no form can show it. */
export interface ShapeProblem {
  readonly key: string;
  readonly message: string;
}

type Check = (value: unknown) => string | undefined;

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const text: Check = (value) => (typeof value === 'string' ? undefined : 'must be a text');
const flag: Check = (value) =>
  typeof value === 'boolean' || ['true', 'false', '1', '0'].some((word) => word === value)
    ? undefined
    : 'must be true or false';
const group: Check = (value) => (isObject(value) ? undefined : 'must be an object');
const textOrGroup: Check = (value) =>
  typeof value === 'string' || isObject(value) ? undefined : 'must be a text or an object';
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : `must be ${words.join(' or ')}`;
const method: Check = (value) =>
  typeof value === 'string' && /^(get|post|put|delete)$/i.test(value) ? undefined : 'must be GET, POST, PUT or DELETE';
const headers: Check = (value) =>
  isObject(value) && Object.values(value).every(isScalar) ? undefined : 'must be an object of texts';
const products: Check = (value) =>
  Array.isArray(value) && value.every((one) => /^\d{1,9}$/.test(String(one)) && isScalar(one))
    ? undefined
    : 'must be a list of product IDs';

function auth(value: unknown): string | undefined {
  const wrong = 'must be {"username", "password"} or {"bearer"}';
  if (!isObject(value)) return wrong;
  const keys = Object.keys(value);
  if (keys.length === 0) return undefined;
  if (keys.length === 1 && typeof value.bearer === 'string') return undefined;
  if (!keys.every((key) => key === 'username' || key === 'password') || typeof value.username !== 'string')
    return wrong;
  return value.password === undefined || isScalar(value.password) ? undefined : wrong;
}

const CHECKS: Readonly<Record<string, Check>> = {
  integration_type: oneOf(['Webhook', 'GoogleCloudPubSub']),
  event: text,
  name: text,
  url: text,
  requestType: method,
  deviceID: text,
  products,
  headers,
  auth,
  query: group,
  form: group,
  json: textOrGroup,
  body: text,
  noDefaults: flag,
  rejectUnauthorized: flag,
  responseTemplate: textOrGroup,
  responseTopic: text,
  errorResponseTopic: text,
  unchunked: flag,
  dataUrlResponseEvent: flag,
  disabled: flag,
  mode: oneOf(['durable', 'compatible']),
  signing_secret: text,
  topic: text,
};

/** @returns the first key that the cloud would not take as it is, and why; undefined when a form can show all of them */
export function shapeProblem(settings: Settings): ShapeProblem | undefined {
  for (const [key, check] of Object.entries(CHECKS)) {
    const value = given(settings, key);
    const message = value === undefined ? undefined : check(value);
    if (message !== undefined) return { key, message };
  }
  const bodies = ['form', 'json', 'body'].filter((key) => given(settings, key) !== undefined);
  const [first, second] = bodies;
  if (first === undefined || second === undefined) return undefined;
  return { key: second, message: `and ${first} exclude each other: keep one of them` };
}
