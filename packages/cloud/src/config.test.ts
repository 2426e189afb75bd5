import { readFileSync } from 'node:fs';
import { days } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { ConfigError, flagName, readConfig, settingNames } from './config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      dataDir: './data',
      host: '0.0.0.0',
      httpPort: 8080,
      udpPort: 5684,
      tcpPort: 5683,
      publicUrl: 'http://127.0.0.1:8080',
      deviceHost: '127.0.0.1',
      signup: 'invite',
      organizationPolicy: 'operator',
      roles: ['gateway', 'api', 'worker'],
      mailFrom: 'Cloud Chamber <no-reply@127.0.0.1>',
      outboundAllow: [],
      trustFirstKey: false,
      sessionRenewMs: days(3),
      rateLimits: true,
      trustProxy: [],
      teamLimit: 0,
      eventDays: 30,
      eventBytes: 10_737_418_240,
      updatesAtOnce: 100,
      logLevel: 'info',
    });
  });

  it('reads every variable', () => {
    const env = {
      CHAMBER_DATA: '/var/lib/chamber',
      CHAMBER_HOST: '::1',
      CHAMBER_HTTP_PORT: '80',
      CHAMBER_UDP_PORT: '0',
      CHAMBER_TCP_PORT: '65535',
      CHAMBER_PUBLIC_URL: 'https://cloud.example/base/',
      CHAMBER_DEVICE_HOST: '$id.udp.cloud.example',
      CHAMBER_OPERATOR_EMAIL: 'op@example.net',
      CHAMBER_OPERATOR_PASSWORD: 'battery staple',
      CHAMBER_SECRET: '0123456789abcdef',
      CHAMBER_SIGNUP: 'open',
      CHAMBER_ORG_CREATION: 'open',
      DATABASE_URL: 'postgres://chamber@db/chamber',
      NATS_URL: 'nats://bus:4222',
      CHAMBER_ROLES: 'api, worker',
      CHAMBER_SMTP_URL: 'smtps://mail.example',
      CHAMBER_MAIL_FROM: 'Greenhouse Cloud <cloud@example.net>',
      CHAMBER_OUTBOUND_ALLOW: '127.0.0.1, localhost,',
      CHAMBER_PUBSUB_ENDPOINT: 'http://localhost:8085/',
      CHAMBER_PUBSUB_CREDENTIALS: '/etc/chamber/pubsub.json',
      CHAMBER_TRUST_FIRST_KEY: 'true',
      CHAMBER_SESSION_DAYS: '7',
      CHAMBER_RATE_LIMITS: 'off',
      CHAMBER_TRUST_PROXY: '10.0.0.0/8, 2001:db8::1',
      CHAMBER_TEAM_LIMIT: '5',
      CHAMBER_EVENT_DAYS: '90',
      CHAMBER_EVENT_MAX_MB: '2',
      CHAMBER_UPDATES_AT_ONCE: '500',
      CHAMBER_UPDATES_PER_GATEWAY: '50',
      CHAMBER_LOG_LEVEL: 'debug',
    };
    expect(Object.keys(env)).toEqual(settingNames);
    expect(readConfig({ env })).toEqual({
      dataDir: '/var/lib/chamber',
      host: '::1',
      httpPort: 80,
      udpPort: 0,
      tcpPort: 65_535,
      publicUrl: 'https://cloud.example/base',
      deviceHost: '$id.udp.cloud.example',
      operator: { username: 'op@example.net', password: 'battery staple' },
      secret: '0123456789abcdef',
      signup: 'open',
      organizationPolicy: 'open',
      databaseUrl: 'postgres://chamber@db/chamber',
      natsUrl: 'nats://bus:4222',
      roles: ['api', 'worker'],
      smtpUrl: 'smtps://mail.example',
      mailFrom: 'Greenhouse Cloud <cloud@example.net>',
      outboundAllow: ['127.0.0.1', 'localhost'],
      pubSubEndpoint: 'http://localhost:8085',
      pubSubCredentials: '/etc/chamber/pubsub.json',
      trustFirstKey: true,
      sessionRenewMs: days(7),
      rateLimits: false,
      trustProxy: ['10.0.0.0/8', '2001:db8::1'],
      teamLimit: 5,
      eventDays: 90,
      eventBytes: 2_097_152,
      updatesAtOnce: 50,
      logLevel: 'debug',
    });
  });

  it('takes flags before variables before the defaults of the command', () => {
    const defaults = { CHAMBER_HTTP_PORT: '1', CHAMBER_UDP_PORT: '1', CHAMBER_TCP_PORT: '1' };
    const env = { CHAMBER_HTTP_PORT: '2', CHAMBER_UDP_PORT: '2', CHAMBER_TCP_PORT: '' };
    const config = readConfig({ defaults, env, args: ['--http-port', '3', '--trust-first-key=1'] });
    expect(config).toMatchObject({ httpPort: 3, udpPort: 2, tcpPort: 1, trustFirstKey: true });
  });

  it('has a flag for every setting', () => {
    expect(settingNames.map(flagName)).toContain('database-url');
    expect(new Set(settingNames.map(flagName)).size).toBe(settingNames.length);
  });

  it.each([
    [{ CHAMBER_HTTP_PORT: 'eighty' }, 'CHAMBER_HTTP_PORT must be a port from 0 to 65535'],
    [{ CHAMBER_UDP_PORT: '65536' }, 'CHAMBER_UDP_PORT must be a port from 0 to 65535'],
    [{ CHAMBER_TCP_PORT: '-1' }, 'CHAMBER_TCP_PORT must be a port from 0 to 65535'],
    [{ CHAMBER_ORG_CREATION: 'yes' }, 'CHAMBER_ORG_CREATION must be operator or open'],
    [{ CHAMBER_UPDATES_AT_ONCE: '0' }, 'CHAMBER_UPDATES_AT_ONCE must be a number of updates from 1 to 100000'],
    [{ CHAMBER_TEAM_LIMIT: '-1' }, 'CHAMBER_TEAM_LIMIT must be a number of people, 0 for no limit'],
    [{ CHAMBER_SIGNUP: 'yes' }, 'CHAMBER_SIGNUP must be open, invite or closed'],
    [
      { CHAMBER_PUBLIC_URL: 'cloud.example' },
      'CHAMBER_PUBLIC_URL must be an address that starts with http:// or https://',
    ],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL must be an address that starts with postgres:// or postgresql://'],
    [{ CHAMBER_ROLES: 'api,cook' }, 'CHAMBER_ROLES must be a comma list of gateway, api and worker'],
    [{ CHAMBER_ROLES: ',' }, 'CHAMBER_ROLES must name a role'],
    [{ CHAMBER_SECRET: 'short' }, 'CHAMBER_SECRET must have 16 characters or more'],
    [{ CHAMBER_TRUST_FIRST_KEY: 'maybe' }, 'CHAMBER_TRUST_FIRST_KEY must be true or false'],
    [
      { CHAMBER_OPERATOR_EMAIL: 'op@example.net' },
      'CHAMBER_OPERATOR_EMAIL and CHAMBER_OPERATOR_PASSWORD must be set together',
    ],
    [{ CHAMBER_SESSION_DAYS: '0' }, 'CHAMBER_SESSION_DAYS must be a number of days from 1 to 365'],
    [{ CHAMBER_RATE_LIMITS: 'few' }, 'CHAMBER_RATE_LIMITS must be on or off'],
    [{ CHAMBER_TRUST_PROXY: 'proxy.example' }, 'CHAMBER_TRUST_PROXY must be a comma list of addresses and networks'],
    [{ CHAMBER_TRUST_PROXY: '10.0.0.0/33' }, 'CHAMBER_TRUST_PROXY must be a comma list of addresses and networks'],
    [{ CHAMBER_LOG_LEVEL: 'loud' }, 'CHAMBER_LOG_LEVEL must be'],
    [{ CHAMBER_HTTP_PORT: 'x', CHAMBER_SIGNUP: 'y' }, 'CHAMBER_SIGNUP'],
  ])('%j is refused by name', (env, message) => {
    expect(() => readConfig({ env })).toThrow(ConfigError);
    expect(() => readConfig({ env })).toThrow(message);
  });

  it.each([[['--http-prot', '80']], [['--http-port']], [['80']]])('the flags %j are refused', (args) => {
    expect(() => readConfig({ args })).toThrow(ConfigError);
  });

  it('does not show a secret in a message', () => {
    const env = { CHAMBER_SECRET: 'hush', CHAMBER_OPERATOR_PASSWORD: 'hush' };
    expect(() => readConfig({ env })).not.toThrow('hush');
  });

  it('cannot be changed', () => {
    const config = readConfig({ env: { CHAMBER_OUTBOUND_ALLOW: 'localhost' } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.outboundAllow)).toBe(true);
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const lines = [...text.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name ?? '', value ?? ''] as const);

  it('names every setting once and nothing else', () => {
    expect(lines.map(([name]) => name)).toEqual(settingNames);
  });

  it('shows the defaults of serve', () => {
    const env = Object.fromEntries(lines);
    expect(readConfig({ env })).toEqual(readConfig({}));
  });
});
