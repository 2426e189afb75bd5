import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import type { DeliveryPage, Integration, IntegrationDetails } from './integrations-of.ts';
import { settingsOf } from './settings.ts';

/** Webhooks only, or integrations of every type: the commands of both say the same of them. */
export type Noun = 'webhook' | 'integration';

/** Those that the commands of a noun are about. */
export function ofNoun(noun: Noun, integrations: readonly Integration[]): readonly Integration[] {
  return noun === 'integration' ? integrations : integrations.filter(isWebhook);
}

function isWebhook({ integration_type: type }: Pick<Integration, 'integration_type'>): boolean {
  return type === 'Webhook';
}

/** The first line of a list (CLI-38, CLI-40). */
export function foundText(noun: Noun, count: number): string {
  return `Found ${count} ${noun === 'webhook' ? 'hooks' : 'integrations'} registered`;
}

/** What `webhook list` and `integration list` print (CLI-38). */
export function listText(noun: Noun, integrations: readonly Integration[]): string[] {
  const what = noun === 'webhook' ? 'Hook' : 'Integration';
  const blocks = integrations.flatMap((integration, at) => {
    const { id, event, url, deviceID, created_at: createdAt, disabled } = integration;
    const target = url ?? (typeof integration.topic === 'string' ? integration.topic : undefined);
    return [
      '',
      `    ${at + 1}.) ${what} ID ${printable(id)} is watching for "${printable(event)}"`,
      ...(target === undefined ? [] : [`        and sending to: ${printable(target)}`]),
      ...(deviceID === undefined || deviceID === '' ? [] : [`        for device ${printable(deviceID)}`]),
      `        created at ${printable(createdAt)}`,
      ...(disabled ? ['        and is disabled'] : []),
    ];
  });
  return [foundText(noun, integrations.length), ...blocks];
}

/** What the cloud says of a new one. */
export function createdText({ id, integration_type: type }: Pick<Integration, 'id' | 'integration_type'>): string {
  return `Successfully created ${isWebhook({ integration_type: type }) ? 'webhook' : 'integration'} with ID ${printable(id)}`;
}

/** One integration: its settings, and how its requests of the last 30 days went. */
export function detailsText(details: IntegrationDetails): string[] {
  const { id, integration_type: type, created_at: createdAt, disabled, counters } = details;
  const sum = (key: 'success' | 'error' | 'sleep'): number => counters.reduce((total, day) => total + day[key], 0);
  return [
    `${printable(type)} ${printable(id)}${disabled ? ', disabled' : ''}, created at ${createdAt}`,
    `Last 30 days: ${sum('success')} succeeded, ${sum('error')} failed, ${sum('sleep')} skipped`,
    ...JSON.stringify(settingsOf(details), null, 2).split('\n').map(printable),
  ];
}

/** The last requests, newest last; whole, or a line for each. */
export function logsText({ logs }: Pick<IntegrationDetails, 'logs'>, full: boolean): string[] {
  if (logs.length === 0) return ['No requests in the last 30 days'];
  const sorted = [...logs].sort((one, other) => one.time.localeCompare(other.time));
  if (full) {
    return sorted.flatMap(({ type, time, request, response }) => [
      `${time} ${type}`,
      ...indented(request, '> '),
      ...indented(response, '< '),
      '',
    ]);
  }
  const rows = sorted.map(({ type, time, event, request, response }) => [
    time,
    type,
    printable(nameOf(event)),
    firstLine(request),
    firstLine(response),
  ]);
  return tableOf(['Time', 'Result', 'Event', 'Request', 'Response'], rows);
}

/** What waits, or failed. */
export function deliveriesText({ deliveries, meta }: DeliveryPage): string[] {
  const summary = `${meta.failed} failed, ${meta.waiting} waiting`;
  if (deliveries.length === 0) return [summary];
  const rows = deliveries.map(({ id, event, created_at: at, attempts, due_at: due, last_error: error }) => [
    id,
    at,
    printable(event?.name ?? '(not kept any more)'),
    String(attempts),
    due ?? '-',
    printable(error ?? ''),
  ]);
  return [...tableOf(['Delivery', 'Since', 'Event', 'Attempts', 'Next', 'Last error'], rows), '', summary];
}

function nameOf(event: unknown): string {
  return typeof event === 'object' && event !== null && 'name' in event ? String(event.name) : '';
}

const firstLine = (text: string): string => printable(text.split('\n')[0] ?? '').replace(/\ufffd+$/, '');
const indented = (text: string, mark: string): string[] =>
  text.split(/\r?\n/).map((line) => `  ${mark}${printable(line)}`.trimEnd());
