import { isUtf8 } from 'node:buffer';
import { eventScope, type TriggeringEvent } from './event-variables.ts';
import type { WebhookSettings } from './integration-settings.ts';
import { RenderBudget, renderTemplate, renderTree } from './render-template.ts';

/** What a webhook publishes: into the streams of its owner and of the product, as `particle-internal`. */
export interface HookEvent {
  readonly name: string;
  readonly data: Uint8Array;
  /** CoAP Content-Format: 0 for text. */
  readonly contentFormat: number;
}

export interface WebhookReply {
  /** HTTP status. */
  readonly status: number;
  /** The Content-Type header, or null. */
  readonly contentType: string | null;
  readonly body: Uint8Array;
}

const CHUNK_BYTES = 512;
/** Bytes of a reply that are passed on. */
const MOST_BYTES = 102_400;
const MOST_NAME_LENGTH = 256;
const TEXT = 0;
const OCTET_STREAM = 42;
/** Media types that events can carry (RFC 7252 section 12.3). */
const FORMATS: Readonly<Record<string, number>> = { 'image/jpeg': 22, 'image/png': 23 };

/** The event of a request that was sent (section 5 of the event notes). */
export function hookSentEvent(event: Pick<TriggeringEvent, 'name'>): HookEvent {
  return text(`hook-sent/${event.name}`, 'undefined');
}

/**
 * The events of a reply (section 5 of the event notes): chunks of 512 bytes named `<response topic>/0`, `/1` and so on, or one `/0` with `unchunked`; of a
 * status other than 2xx one error event. A reply without body makes none. No more than 100 kB are passed on.
 * With `dataUrlResponseEvent` data are bytes with their media type, which text channels show as data URL.
 * @param host whom the request went to, for the text of an error
 * @throws DomainError `integration.template_too_large`
 */
export function responseEvents(
  settings: WebhookSettings,
  event: TriggeringEvent,
  host: string,
  reply: WebhookReply,
): readonly HookEvent[] {
  if (reply.status < 200 || reply.status > 299) {
    return [errorEvent(settings, event, `error status ${reply.status} from ${host}`)];
  }
  const data = dataOf(settings, event, reply.body).subarray(0, MOST_BYTES);
  if (data.length === 0) return [];
  const contentFormat = settings.dataUrlResponseEvent ? formatOf(reply.contentType) : TEXT;
  const topic = topicOf(settings.responseTopic, event);
  return chunks(data, settings.unchunked ? MOST_BYTES : CHUNK_BYTES).map((chunk, index) => ({
    name: `${topic}/${index}`,
    data: chunk,
    contentFormat,
  }));
}

/**
 * The event of a delivery that failed (section 5 of the event notes).
 * @param why such as `error status 404 from host.example`, `ETIMEDOUT`, `ESOCKETTIMEDOUT`, `Sleeping, too many errors, please wait and try again`
 */
export function errorEvent(
  settings: Pick<WebhookSettings, 'errorResponseTopic'>,
  event: TriggeringEvent,
  why: string,
): HookEvent {
  return text(`${topicOf(settings.errorResponseTopic, event)}/0`, why);
}

function topicOf(template: string, event: TriggeringEvent): string {
  return renderTemplate(template, eventScope(event))
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, MOST_NAME_LENGTH);
}

function dataOf(settings: WebhookSettings, event: TriggeringEvent, body: Uint8Array): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const { responseTemplate } = settings;
  if (responseTemplate === undefined) return bytes;
  const json = jsonOf(bytes);
  if (json === undefined) return bytes;
  const scope = { value: json.value, around: eventScope(event) };
  if (typeof responseTemplate === 'string') return Buffer.from(renderTemplate(responseTemplate, scope));
  return Buffer.from(JSON.stringify(renderTree(responseTemplate, scope, new RenderBudget())));
}

function jsonOf(bytes: Buffer): { readonly value: unknown } | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    // Not JSON: it is passed on as it is.
    return undefined;
  }
}

function chunks(data: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(data.length / size) }, (_, index) =>
    data.subarray(index * size, (index + 1) * size),
  );
}

function formatOf(contentType: string | null): number {
  const mediaType = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return FORMATS[mediaType] ?? OCTET_STREAM;
}

function text(name: string, data: string): HookEvent {
  return { name, data: Buffer.from(data), contentFormat: TEXT };
}
