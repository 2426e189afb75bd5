import { invalidSettings } from './integration-errors.ts';

/** What stands in place of a secret in answers and logs. */
export const MASK = '[[SENSITIVE]]';

/** Secrets of one integration: by key, or by key of a group such as `auth`. */
export type Secrets = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

type Settings = Readonly<Record<string, unknown>>;

/** Keys that are secret as they stand. */
const SECRET_KEYS: readonly string[] = ['signing_secret'];
const GROUPS: readonly string[] = ['auth', 'headers', 'query', 'form'];
const SECRET_AUTH: readonly string[] = ['password', 'bearer'];
const SECRET_NAME =
  /authorization|password|passwd|secret|token|cookie|signature|credential|api[-_]?key|access[-_]?key|auth[-_]?key/i;
const TAGS = /\{\{.*?\}\}\}?/gs;
/** Shorter ones are not looked for in logs: they would be found everywhere. */
const LEAST_MASKED_LENGTH = 4;

/** Takes the secrets out of settings. @returns the settings with masks in their places, and the secrets. */
export function splitSecrets(settings: Settings): { readonly masked: Settings; readonly secrets: Secrets } {
  const secrets = new Map<string, string | Readonly<Record<string, string>>>();
  const masked = Object.entries(settings).map(([key, value]): [string, unknown] => {
    if (SECRET_KEYS.includes(key)) {
      secrets.set(key, typeof value === 'string' ? value : JSON.stringify(value));
      return [key, MASK];
    }
    if (!GROUPS.includes(key) || !isObject(value)) return [key, value];
    const found = Object.entries(value).filter(([name, text]) => isSecret(key, name, text));
    if (found.length === 0) return [key, value];
    secrets.set(key, Object.fromEntries(found.map(([name, text]) => [name, String(text)])));
    const names = new Set(found.map(([name]) => name));
    return [
      key,
      Object.fromEntries(Object.entries(value).map(([name, text]) => [name, names.has(name) ? MASK : text])),
    ];
  });
  return { masked: Object.fromEntries(masked), secrets: Object.fromEntries(secrets) };
}

/** Puts the secrets back in the places of the masks. */
export function joinSecrets(masked: Settings, secrets: Secrets): Settings {
  return fill(masked, secrets, () => MASK);
}

/**
 * Puts known secrets in the places of the masks that a client sent back.
 * @param before what the integration was; undefined for a new one
 * @throws DomainError `integration.invalid` for a mask that stands for no known secret, or when the address leads to another host now: whoever may
 * change an integration must not learn its secrets.
 */
export function keepSecrets(
  given: Settings,
  before: { readonly masked: Settings; readonly secrets: Secrets } | undefined,
): Settings {
  const sameTarget = before !== undefined && isSameTarget(before.masked, given);
  return fill(
    given,
    before?.secrets ?? {},
    (path) => {
      throw invalidSettings(`${path}: send the secret itself, since none is known that ${MASK} could stand for`);
    },
    (path) => {
      if (!sameTarget) throw invalidSettings(`${path}: send the secret again, since the address leads elsewhere now`);
    },
  );
}

/** @returns the text with every one of the secrets masked. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text;
  const longestFirst = [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
  for (const secret of longestFirst) {
    if (secret.length >= LEAST_MASKED_LENGTH) masked = masked.replaceAll(secret, MASK);
  }
  return masked;
}

/** Is the value of this header, or field of `query` or `form`, a secret? What only variables fill in is none. */
export function isSecretField(name: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return SECRET_NAME.test(name) && String(value).replaceAll(TAGS, '').trim() !== '';
}

function isSecret(group: string, name: string, value: unknown): boolean {
  if (group !== 'auth') return isSecretField(name, value);
  return SECRET_AUTH.includes(name) && isSecretField('secret', value);
}

function fill(
  settings: Settings,
  secrets: Secrets,
  missing: (path: string) => string,
  check: (path: string) => void = () => {},
): Settings {
  const value = (path: string, text: unknown, secret: unknown): unknown => {
    if (text !== MASK) return text;
    if (typeof secret !== 'string') return missing(path);
    check(path);
    return secret;
  };
  return Object.fromEntries(
    Object.entries(settings).map(([key, text]): [string, unknown] => {
      const secret = Object.hasOwn(secrets, key) ? secrets[key] : undefined;
      if (SECRET_KEYS.includes(key)) return [key, value(key, text, secret)];
      if (!GROUPS.includes(key) || !isObject(text)) return [key, text];
      const group = isObject(secret) ? secret : {};
      const filled = Object.entries(text).map(([name, inner]) => [
        name,
        value(`${key}.${name}`, inner, Object.hasOwn(group, name) ? group[name] : undefined),
      ]);
      return [key, Object.fromEntries(filled)];
    }),
  );
}

/** Addresses are read as the request reads them. */
function isSameTarget(before: Settings, after: Settings): boolean {
  if (before.url === after.url) return true;
  const origin = originOf(before.url);
  return origin !== undefined && origin === originOf(after.url);
}

/** Undefined where a template stands before the path: it can lead anywhere. */
function originOf(url: unknown): string | undefined {
  const parsed = typeof url === 'string' ? URL.parse(url.trim()) : null;
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined;
  return parsed.host.includes('{{') ? undefined : parsed.origin;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
