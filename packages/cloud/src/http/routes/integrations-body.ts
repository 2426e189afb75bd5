import { formatTimestamp } from '@cloudchamber/contract';
import type {
  Integration,
  IntegrationCounter,
  IntegrationDetails,
  IntegrationLog,
  IntegrationSummary,
  NewIntegration,
} from '../../domain/integrations/index.ts';

/** An integration as section 4 of the event notes has it: what was sent, and what the cloud knows of it. */
export function integrationBody({ id, type, settings, event, name, disabled, createdAt, updatedAt }: Integration) {
  return {
    ...settings,
    ...(type === 'Webhook' && { requestType: textOf(settings.requestType)?.toUpperCase() ?? 'POST' }),
    id,
    event,
    name,
    created_at: formatTimestamp(createdAt),
    updated_at: formatTimestamp(updatedAt),
    integration_type: type,
    disabled,
  };
}

/** @param summary undefined when it had no outcome in the last 30 days */
export function summarizedBody(integration: Integration, summary: IntegrationSummary | undefined) {
  const { success, error, sleep, last } = summary ?? { success: 0, error: 0, sleep: 0, last: null };
  return {
    ...integrationBody(integration),
    last_result: last && { type: last.kind, time: formatTimestamp(last.at) },
    last_30_days: { success, error, sleep },
  };
}

export function detailsBody({ integration, counters, logs }: IntegrationDetails) {
  return { ...integrationBody(integration), counters: counters.map(counterBody), logs: logs.map(logBody) };
}

/** @param publicUrl where clients reach this server, without a slash at the end */
export function createdBody({ integration, signingSecret }: NewIntegration, publicUrl: string) {
  const { id, type } = integration;
  return {
    ok: true as const,
    ...integrationBody(integration),
    ...(signingSecret !== undefined && { signing_secret: signingSecret }),
    ...(type === 'Webhook'
      ? { hookUrl: `${publicUrl}/v1/webhooks/${id}` }
      : { integrationUrl: `${publicUrl}/v1/integrations/${id}` }),
  };
}

function counterBody({ day, success, error, sleep }: IntegrationCounter) {
  return { date: formatTimestamp(day).slice(0, 10), success, error, sleep };
}

function logBody({ kind, at, event, request, response }: IntegrationLog) {
  return { type: kind, time: formatTimestamp(at), event, request, response };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
