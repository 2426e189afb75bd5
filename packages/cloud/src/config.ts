import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { ChamberError, days } from '@cloudchamber/kernel';
import { isServerHost } from '@cloudchamber/wire';
import { z } from 'zod';

const ROLES = ['gateway', 'api', 'worker'] as const;
type Role = (typeof ROLES)[number];

export interface Config {
  readonly dataDir: string;
  /** Address that all listeners bind to. */
  readonly host: string;
  readonly httpPort: number;
  /** 0 switches it off. */
  readonly udpPort: number;
  /** 0 switches it off. */
  readonly tcpPort: number;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Host name or IPv4 address that devices are given; `$id` in it stands for the device. */
  readonly deviceHost: string;
  readonly operator?: { readonly username: string; readonly password: string };
  readonly secret?: string;
  readonly signup: 'open' | 'invite' | 'closed';
  /** Who may make organizations. */
  readonly organizationPolicy: 'operator' | 'open';
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly roles: readonly Role[];
  readonly smtpUrl?: string;
  /** What stands under From in mails: an address, or `Name <address>`. */
  readonly mailFrom: string;
  readonly outboundAllow: readonly string[];
  /** Where topics of Google Cloud Pub/Sub are, without a slash at its end; Google's own when absent. */
  readonly pubSubEndpoint?: string;
  /** Key file of the service account that publishes to them. */
  readonly pubSubCredentials?: string;
  /** Whether the first key that an unknown device shows is believed. */
  readonly trustFirstKey: boolean;
  /** After how long a device's session gets new keys, ms. */
  readonly sessionRenewMs: number;
  /** Whether clients are held to the limits of section 4.1 of the API notes. */
  readonly rateLimits: boolean;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  /** The most people in the team of an account's product; 0 for no limit (PRD-09). */
  readonly teamLimit: number;
  /** How many days events are kept, at the most. */
  readonly eventDays: number;
  /** How many bytes all stored events may take, roughly. */
  readonly eventBytes: number;
  /** Updates that the cloud makes by itself at once. */
  readonly updatesAtOnce: number;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port from 0 to 65535');

const url = (...schemes: string[]) =>
  z.string().refine(
    (text) => {
      const protocol = URL.parse(text)?.protocol;
      return protocol !== undefined && schemes.includes(protocol.slice(0, -1));
    },
    `must be an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  );

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

const network = z.string().refine((text) => {
  const [address = '', length, ...rest] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits))
  );
}, 'must be a comma list of addresses and networks such as 10.0.0.0/8');

/** An address, or `Name <address>`; nothing that would begin another header or add an address. */
const MAIL_FROM =
  /^(?:[^\s@<>",;\p{Cc}]+@[^\s@<>",;\p{Cc}]+|[^@<>",;\p{Cc}]+ <[^\s@<>",;\p{Cc}]+@[^\s@<>",;\p{Cc}]+>)$/u;

const EVENT_MB = 'must be a number of megabytes from 1 to 100000000';

const UPDATES = 'must be a number of updates from 1 to 100000';
const updates = z
  .string()
  .regex(/^\d{1,6}$/, UPDATES)
  .transform(Number)
  .refine((value) => value > 0 && value <= 100_000, UPDATES);

const DAYS = 'must be a number of days from 1 to 365';

/** Every setting by the name of its environment variable (design section 11). */
const settings = {
  CHAMBER_DATA: z.string().default('./data'),
  CHAMBER_HOST: z.string().default('0.0.0.0'),
  CHAMBER_HTTP_PORT: port.default(8080),
  CHAMBER_UDP_PORT: port.default(5684),
  CHAMBER_TCP_PORT: port.default(5683),
  CHAMBER_PUBLIC_URL: url('http', 'https')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  CHAMBER_DEVICE_HOST: z
    .string()
    .refine(isServerHost, 'must be an IPv4 address or a host name of up to 63 characters, with $id in it at most once')
    .optional(),
  CHAMBER_OPERATOR_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address')
    .optional(),
  CHAMBER_OPERATOR_PASSWORD: z.string().min(8, 'must have 8 characters or more').optional(),
  CHAMBER_SECRET: z.string().min(16, 'must have 16 characters or more').optional(),
  CHAMBER_SIGNUP: z.enum(['open', 'invite', 'closed'], 'must be open, invite or closed').default('invite'),
  CHAMBER_ORG_CREATION: z.enum(['operator', 'open'], 'must be operator or open').default('operator'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  NATS_URL: url('nats', 'tls', 'ws', 'wss').optional(),
  CHAMBER_ROLES: list
    .pipe(z.array(z.enum(ROLES, 'must be a comma list of gateway, api and worker')).min(1, 'must name a role'))
    .default([...ROLES]),
  CHAMBER_SMTP_URL: url('smtp', 'smtps').optional(),
  CHAMBER_MAIL_FROM: z
    .string()
    .regex(MAIL_FROM, 'must be an e-mail address, or a name and an address as in Cloud <cloud@example.net>')
    .optional(),
  CHAMBER_OUTBOUND_ALLOW: list.default([]),
  CHAMBER_PUBSUB_ENDPOINT: url('http', 'https')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  CHAMBER_PUBSUB_CREDENTIALS: z.string().optional(),
  CHAMBER_TRUST_FIRST_KEY: z
    .enum(['true', 'false', '1', '0'], 'must be true or false')
    .transform((text) => text === 'true' || text === '1')
    .default(false),
  CHAMBER_SESSION_DAYS: z
    .string()
    .regex(/^\d{1,3}$/, DAYS)
    .transform(Number)
    .refine((value) => value > 0 && value <= 365, DAYS)
    .default(3),
  CHAMBER_RATE_LIMITS: z
    .enum(['on', 'off'], 'must be on or off')
    .transform((text) => text === 'on')
    .default(true),
  CHAMBER_TRUST_PROXY: list.pipe(z.array(network)).default([]),
  CHAMBER_TEAM_LIMIT: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a number of people, 0 for no limit')
    .transform(Number)
    .default(0),
  CHAMBER_EVENT_DAYS: z
    .string()
    .regex(/^\d{1,3}$/, DAYS)
    .transform(Number)
    .refine((value) => value > 0 && value <= 365, DAYS)
    .default(30),
  CHAMBER_EVENT_MAX_MB: z
    .string()
    .regex(/^\d{1,9}$/, EVENT_MB)
    .transform(Number)
    .refine((value) => value > 0 && value <= 100_000_000, EVENT_MB)
    .default(10_240),
  CHAMBER_UPDATES_AT_ONCE: updates.default(100),
  CHAMBER_UPDATES_PER_GATEWAY: updates.default(100),
  CHAMBER_LOG_LEVEL: z.enum(LOG_LEVELS, 'must be debug, info, warn or error').default('info'),
};

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];

/** A setting that cannot be used; the message names it and says what it must be. */
export class ConfigError extends ChamberError {
  constructor(message: string) {
    super('config.invalid', 'caller', message);
  }
}

export interface ConfigSources {
  /** Command line after the command's name: `--http-port 8080` stands for CHAMBER_HTTP_PORT. Flags win over the environment. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What this command has instead of the usual defaults. */
  readonly defaults?: Readonly<Partial<Record<SettingName, string>>>;
}

/** Parses all settings at once into a frozen object; an empty value is none. @throws ConfigError that names every bad setting. */
export function readConfig({ args = [], env = {}, defaults = {} }: ConfigSources): Config {
  const flags = readFlags(args);
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const value = flags[name] ?? (env[name] === '' ? undefined : env[name]) ?? defaults[name];
    if (value !== undefined) given[name] = value;
  }
  const parsed = z.object(settings).safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`).join('\n'));
  }
  return Object.freeze(toConfig(parsed.data));
}

/** As `readConfig`, from the environment of this process, into which a `.env` file of the working folder is read first. */
export function readProcessConfig(sources: Omit<ConfigSources, 'env'> = {}): Config {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return readConfig({ ...sources, env: process.env });
}

/** CHAMBER_HTTP_PORT → http-port, DATABASE_URL → database-url. */
export function flagName(name: SettingName): string {
  return name
    .replace(/^CHAMBER_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

function readFlags(args: readonly string[]): Partial<Record<SettingName, string>> {
  const options = Object.fromEntries(settingNames.map((name) => [flagName(name), { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return Object.fromEntries(settingNames.map((name) => [name, values[flagName(name)]]));
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function toConfig(value: z.output<z.ZodObject<typeof settings>>): Config {
  const publicUrl = value.CHAMBER_PUBLIC_URL ?? localUrl(value.CHAMBER_HOST, value.CHAMBER_HTTP_PORT);
  return {
    dataDir: value.CHAMBER_DATA,
    host: value.CHAMBER_HOST,
    httpPort: value.CHAMBER_HTTP_PORT,
    udpPort: value.CHAMBER_UDP_PORT,
    tcpPort: value.CHAMBER_TCP_PORT,
    publicUrl,
    deviceHost: value.CHAMBER_DEVICE_HOST ?? new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''),
    ...operatorOf(value.CHAMBER_OPERATOR_EMAIL, value.CHAMBER_OPERATOR_PASSWORD),
    ...(value.CHAMBER_SECRET !== undefined && { secret: value.CHAMBER_SECRET }),
    signup: value.CHAMBER_SIGNUP,
    organizationPolicy: value.CHAMBER_ORG_CREATION,
    ...(value.DATABASE_URL !== undefined && { databaseUrl: value.DATABASE_URL }),
    ...(value.NATS_URL !== undefined && { natsUrl: value.NATS_URL }),
    roles: Object.freeze(value.CHAMBER_ROLES),
    ...(value.CHAMBER_SMTP_URL !== undefined && { smtpUrl: value.CHAMBER_SMTP_URL }),
    mailFrom: value.CHAMBER_MAIL_FROM ?? `Cloud Chamber <no-reply@${new URL(publicUrl).hostname}>`,
    outboundAllow: Object.freeze(value.CHAMBER_OUTBOUND_ALLOW),
    ...(value.CHAMBER_PUBSUB_ENDPOINT !== undefined && { pubSubEndpoint: value.CHAMBER_PUBSUB_ENDPOINT }),
    ...(value.CHAMBER_PUBSUB_CREDENTIALS !== undefined && { pubSubCredentials: value.CHAMBER_PUBSUB_CREDENTIALS }),
    trustFirstKey: value.CHAMBER_TRUST_FIRST_KEY,
    sessionRenewMs: days(value.CHAMBER_SESSION_DAYS),
    rateLimits: value.CHAMBER_RATE_LIMITS,
    trustProxy: Object.freeze(value.CHAMBER_TRUST_PROXY),
    teamLimit: value.CHAMBER_TEAM_LIMIT,
    eventDays: value.CHAMBER_EVENT_DAYS,
    eventBytes: value.CHAMBER_EVENT_MAX_MB * 1_048_576,
    // One process has the one gateway.
    updatesAtOnce: Math.min(value.CHAMBER_UPDATES_AT_ONCE, value.CHAMBER_UPDATES_PER_GATEWAY),
    logLevel: value.CHAMBER_LOG_LEVEL,
  };
}

function operatorOf(username: string | undefined, password: string | undefined): Pick<Config, 'operator'> {
  if (username === undefined && password === undefined) return {};
  if (username === undefined || password === undefined) {
    throw new ConfigError('CHAMBER_OPERATOR_EMAIL and CHAMBER_OPERATOR_PASSWORD must be set together');
  }
  return { operator: Object.freeze({ username, password }) };
}

/** Where this machine itself reaches the API. */
function localUrl(host: string, httpPort: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${httpPort}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`;
}
