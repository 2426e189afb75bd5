import {
  errorEvent,
  hookSentEvent,
  type OpenIntegration,
  type OwedEvent,
  responseEvents,
  triggeringEvent,
  type WebhookSettings,
  webhookRequest,
} from '../integrations/index.ts';
import type { Call, CallOutcome, DeliveryTarget } from './delivery-target.ts';
import { type CallParts, callHttp, hostOf } from './http-call.ts';
import { signRequest } from './sign-request.ts';

/** A webhook: a request for each event, signed when it has a signing secret, whose reply is published (section 5 of the event notes). */
export function webhookTarget(
  parts: CallParts,
  { id, owner, settings: { mode, disabled } }: OpenIntegration,
  webhook: WebhookSettings,
): DeliveryTarget {
  return {
    id,
    owner,
    mode,
    disabled,
    prepare: (event) => webhookCall(parts, { id, mode, webhook }, event),
    sentEvent: hookSentEvent,
    errorEvent: (event, why) => errorEvent(webhook, triggeringEvent(event), why),
  };
}

function webhookCall(
  parts: CallParts,
  { id, mode, webhook }: Pick<DeliveryTarget, 'id' | 'mode'> & { readonly webhook: WebhookSettings },
  stored: OwedEvent,
): Call {
  const event = triggeringEvent(stored);
  const { method, url, headers, body, rejectUnauthorized, secrets } = webhookRequest(webhook, event);
  const host = hostOf(url);
  const { signingSecret } = webhook;
  const sign = (): Readonly<Record<string, string>> => {
    if (signingSecret === undefined) return {};
    return signRequest(signingSecret, { id: `${id}-${event.id}`, at: parts.clock.now(), body: body ?? '' });
  };
  return {
    host,
    async send() {
      const request = { method, url, headers: { ...headers, ...sign() }, rejectUnauthorized };
      const call = { request: body === null ? request : { ...request, body }, secrets, mode };
      const { outcome, reply } = await callHttp(parts, call);
      if (!outcome.ok || reply === undefined) return outcome;
      const { status, body: bytes, contentType = null } = reply;
      return {
        ...outcome,
        events: eventsOf(() => responseEvents(webhook, event, host, { status, body: bytes, contentType })),
      };
    },
  };
}

/** The request was taken: a response template that fails makes it no failure. */
function eventsOf(make: () => CallOutcome['events']): CallOutcome['events'] {
  try {
    return make();
  } catch {
    return [];
  }
}
