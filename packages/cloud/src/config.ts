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
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly roles: readonly Role[];
  readonly smtpUrl?: string;
  readonly outboundAllow: readonly string[];
  /** Whether the first key that an unknown device shows is believed. */
  readonly trustFirstKey: boolean;
  /** After how long a device's session gets new keys, ms. */
  readonly sessionRenewMs: number;
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

const SESSION_DAYS = 'must be a number of days from 1 to 365';

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
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  NATS_URL: url('nats', 'tls', 'ws', 'wss').optional(),
  CHAMBER_ROLES: list
    .pipe(z.array(z.enum(ROLES, 'must be a comma list of gateway, api and worker')).min(1, 'must name a role'))
    .default([...ROLES]),
  CHAMBER_SMTP_URL: url('smtp', 'smtps').optional(),
  CHAMBER_OUTBOUND_ALLOW: list.default([]),
  CHAMBER_TRUST_FIRST_KEY: z
    .enum(['true', 'false', '1', '0'], 'must be true or false')
    .transform((text) => text === 'true' || text === '1')
    .default(false),
  CHAMBER_SESSION_DAYS: z
    .string()
    .regex(/^\d{1,3}$/, SESSION_DAYS)
    .transform(Number)
    .refine((value) => value > 0 && value <= 365, SESSION_DAYS)
    .default(3),
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
    ...(value.DATABASE_URL !== undefined && { databaseUrl: value.DATABASE_URL }),
    ...(value.NATS_URL !== undefined && { natsUrl: value.NATS_URL }),
    roles: Object.freeze(value.CHAMBER_ROLES),
    ...(value.CHAMBER_SMTP_URL !== undefined && { smtpUrl: value.CHAMBER_SMTP_URL }),
    outboundAllow: Object.freeze(value.CHAMBER_OUTBOUND_ALLOW),
    trustFirstKey: value.CHAMBER_TRUST_FIRST_KEY,
    sessionRenewMs: days(value.CHAMBER_SESSION_DAYS),
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
