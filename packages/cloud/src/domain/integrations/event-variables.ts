import { formatTimestamp } from '@cloudchamber/contract';
import type { Scope } from './render-template.ts';

/** What a template and a request may know of the event that triggers an integration. */
export interface TriggeringEvent {
  /** Unique among the events of this cloud. */
  readonly id: string;
  readonly name: string;
  /** As text channels show it, or null for an event without data. */
  readonly data: string | null;
  /** The device, or `api`. */
  readonly coreid: string;
  readonly ttlSeconds: number;
  /** Wall time in ms. */
  readonly publishedAt: number;
  readonly productId: number | null;
  /** Whose stream it is in: the owner of the device, or whoever published it. */
  readonly ownerId: string | null;
  /** Version of the product firmware that the device runs, where it is known. */
  readonly firmwareVersion: number | null;
}

/** The four fields that a request has by default (section 4.1 of the event notes). */
export function defaultFields(event: TriggeringEvent): Readonly<Record<string, string | null>> {
  return {
    event: event.name,
    data: event.data,
    published_at: formatTimestamp(event.publishedAt),
    coreid: event.coreid,
  };
}

/**
 * The variables of section 4.2 of the event notes. Keys of event data that is a JSON object are variables too, but none replaces a standard one.
 * @returns for `renderTemplate`.
 */
export function eventScope(event: TriggeringEvent): Scope {
  return { value: standardVariables(event), around: { value: objectOf(event.data) } };
}

function standardVariables(event: TriggeringEvent): Readonly<Record<string, unknown>> {
  const at = formatTimestamp(event.publishedAt);
  const json = JSON.stringify(wholeEvent(event));
  return {
    PARTICLE_DEVICE_ID: event.coreid,
    SPARK_CORE_ID: event.coreid,
    PARTICLE_EVENT_NAME: event.name,
    SPARK_EVENT_NAME: event.name,
    PARTICLE_EVENT_VALUE: event.data,
    SPARK_EVENT_VALUE: event.data,
    PARTICLE_PUBLISHED_AT: at,
    SPARK_PUBLISHED_AT: at,
    PARTICLE_EVENT_ID: event.id,
    PRODUCT_ID: event.productId,
    PRODUCT_USER_ID: event.productId === null ? null : event.ownerId,
    PRODUCT_VERSION: event.productId === null ? null : event.firmwareVersion,
    PARTICLE_EVENT_JSON: json,
    PARTICLE_EVENT_BASE64: Buffer.from(json).toString('base64'),
  };
}

/** The event as streams show it, with its name. */
function wholeEvent(event: TriggeringEvent): object {
  return {
    name: event.name,
    data: event.data,
    ttl: event.ttlSeconds,
    published_at: formatTimestamp(event.publishedAt),
    coreid: event.coreid,
    ...(event.productId !== null && {
      productID: event.productId,
      version: event.firmwareVersion,
      userid: event.ownerId,
    }),
  };
}

function objectOf(data: string | null): unknown {
  if (!data?.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
