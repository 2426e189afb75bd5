import { ApiError } from '@cloudchamber/contract/client';
import { httpFetch } from '../../cloud/http-fetch.ts';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { figureOf } from './read-metrics.ts';

export interface ServerStatus {
  readonly url: string;
  /** Where the cloud says that people reach it. */
  readonly public_url: string;
  readonly version: string;
  readonly ready: true;
  /** What it looked at, each `ok`. */
  readonly checks: Readonly<Record<string, string>>;
  /** Where devices connect to, such as `udp://cloud.example.net:5684`. */
  readonly device_addresses: readonly string[];
  /** E-mails of operators; null when whoever asks is none. */
  readonly operators: readonly string[] | null;
  /** No account is an operator yet. */
  readonly first_run: boolean;
  readonly devices_online: number | null;
  readonly sessions: number | null;
  readonly event_streams: number | null;
  /** Estimated by the cloud. */
  readonly events_stored: number | null;
  /** Over a second; null when the cloud does not count them. */
  readonly events_per_second: number | null;
  readonly uptime_s: number | null;
}

const SAMPLE_MS = 1000;

/**
 * How a cloud is. What needs an operator is null for others.
 * @throws CliError of kind `server` when it does not answer or is not ready
 */
export async function readStatus({
  cloud,
  settings,
  interrupted,
}: Pick<Context, 'cloud' | 'settings' | 'interrupted'>): Promise<ServerStatus> {
  await cloud.anonymous.call('getHealth');
  const { checks } = await readiness(cloud);
  const { cloud: facts } = await cloud.anonymous.call('getConsoleSession');
  const { addresses } = await cloud.anonymous.call('listCloudAddresses');
  const before = await metricsOf(cloud.url, interrupted);
  const begun = performance.now();
  const operators = settings.token === undefined ? null : await operatorsOf(cloud);
  await wait(Math.max(0, SAMPLE_MS - (performance.now() - begun)), interrupted);
  const after = await metricsOf(cloud.url, interrupted);
  const seconds = (performance.now() - begun) / 1000;
  const figure = (name: string, labels?: Readonly<Record<string, string>>): number | null =>
    figureOf(after, name, labels) ?? null;
  const counted = figureOf(after, EVENTS);
  const start = figure('process_start_time_seconds');
  return {
    url: cloud.url,
    public_url: facts.publicUrl,
    version: facts.version,
    ready: true,
    checks,
    device_addresses: addresses
      .filter(({ used_by: by }) => by === 'devices')
      .map(({ transport, host, port }) => `${transport}://${host.replace('*', '$id')}:${port}`),
    operators,
    first_run: facts.firstRun,
    devices_online: figure('chamber_gateway_devices', { state: 'online' }),
    sessions: figure('chamber_gateway_devices', { state: 'sessions' }),
    event_streams: figure('chamber_event_streams'),
    events_stored: figure('chamber_events_stored'),
    events_per_second:
      counted === undefined ? null : Math.round(((counted - (figureOf(before, EVENTS) ?? 0)) / seconds) * 10) / 10,
    uptime_s: start === null ? null : Math.max(0, Math.round(Date.now() / 1000 - start)),
  };
}

const EVENTS = 'chamber_events_total';

async function readiness(cloud: Context['cloud']): Promise<{ checks: Readonly<Record<string, string>> }> {
  try {
    return await cloud.anonymous.call('getReadiness');
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 503) throw error;
    throw new CliError('server', `${cloud.url} is up and not ready: ${failedChecks(error.body)}`, {
      status: error.status,
      requestId: error.requestId,
      next: 'Its log says more.',
      cause: error,
    });
  }
}

/** `store: disk full`, for those that are not `ok`. */
function failedChecks(body: unknown): string {
  const checks: unknown = typeof body === 'object' && body !== null && 'checks' in body ? body.checks : undefined;
  if (typeof checks !== 'object' || checks === null) return 'it does not say why';
  const failed = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
  return failed.map(([name, outcome]) => printable(`${name}: ${outcome}`)).join('; ');
}

async function metricsOf(url: string, signal: AbortSignal): Promise<string> {
  const reply = await httpFetch(`${url}/metrics`, { method: 'GET', headers: {}, signal });
  // A proxy may keep them from everybody.
  return reply.ok ? reply.text() : '';
}

async function operatorsOf(cloud: Context['cloud']): Promise<readonly string[] | null> {
  const found: string[] = [];
  try {
    for (let page = 1; ; page += 1) {
      const { users, meta } = await cloud.call('listUsers', { query: { page: String(page), perPage: '100' } });
      found.push(...users.filter(({ operator }) => operator).map(({ username }) => username));
      if (page >= meta.total_pages) return found;
    }
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(new CliError('interrupted', 'Interrupted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** The same for people. */
export function statusLines(status: ServerStatus): string[] {
  const shown = (value: number | null, unit = ''): string => (value === null ? 'not told' : `${value}${unit}`);
  const operators =
    status.operators === null
      ? 'told to operators alone'
      : status.operators.length === 0
        ? 'none'
        : status.operators.join(', ');
  const lines: (readonly [string, string])[] = [
    ['Cloud', `${status.url} is up and ready (${Object.keys(status.checks).join(', ')})`],
    ['Version', status.version],
    ['For people', status.public_url],
    ['For devices', status.device_addresses.join(', ') || 'none'],
    ['Operators', status.first_run ? 'none yet: open the address that the cloud printed at its start' : operators],
    ['Up for', shown(status.uptime_s, ' s')],
    ['Devices online', `${shown(status.devices_online)} (${shown(status.sessions)} sessions held)`],
    ['Events', `${shown(status.events_per_second)} a second, about ${shown(status.events_stored)} stored`],
    ['Event streams', shown(status.event_streams)],
  ];
  return lines.map(([name, value]) => printable(`${`${name}:`.padEnd(16)}${value}`));
}
