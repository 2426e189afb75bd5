import { formatTimestamp } from '@cloudchamber/contract';
import { OutboundError } from '../../outbound/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import {
  errorEvent,
  hookSentEvent,
  type OpenIntegration,
  type PubSubSettings,
  triggeringEvent,
} from '../integrations/index.ts';
import type { Call, CallOutcome, DeliveryTarget } from './delivery-target.ts';
import { GoogleTokens, parseServiceAccount } from './google-tokens.ts';
import { type CallParts, callHttp, hostOf } from './http-call.ts';

export interface PubSubParts extends CallParts {
  /** Where topics are, without a slash at the end; undefined for Google's own (CHAMBER_PUBSUB_ENDPOINT). */
  readonly endpoint?: string | undefined;
  /** JSON of the cloud's own service account (CHAMBER_PUBSUB_CREDENTIALS); undefined when it has none. */
  readonly credentials?: string | undefined;
}

const GOOGLE = 'https://pubsub.googleapis.com';
const ERROR_TOPIC = { errorResponseTopic: 'hook-error/{{PARTICLE_EVENT_NAME}}' };
const NO_ACCOUNT =
  'There is no service account to publish with: whoever runs this cloud has to set CHAMBER_PUBSUB_CREDENTIALS';

/** Publishes events to topics of Google Cloud Pub/Sub, or of an emulator (section 4.3 of the event notes). */
export class PubSubPublisher {
  readonly #parts: PubSubParts;
  /** Undefined without an account. */
  readonly #tokens: GoogleTokens | undefined;

  /** @throws DomainError `delivery.bad_service_account` when the cloud's own is none */
  constructor(parts: PubSubParts) {
    this.#parts = parts;
    const { credentials } = parts;
    this.#tokens = credentials === undefined ? undefined : new GoogleTokens(parts, parseServiceAccount(credentials));
  }

  target({ id, owner, settings: { mode, disabled } }: OpenIntegration, settings: PubSubSettings): DeliveryTarget {
    return {
      id,
      owner,
      mode,
      disabled,
      prepare: (event) => this.#call(settings, mode, event),
      sentEvent: hookSentEvent,
      errorEvent: (event, why) => errorEvent(ERROR_TOPIC, triggeringEvent(event), why),
    };
  }

  #call({ topic }: PubSubSettings, mode: DeliveryTarget['mode'], event: StoredEvent): Call {
    const url = `${this.#parts.endpoint ?? GOOGLE}/v1/${topic}:publish`;
    const body = JSON.stringify({ messages: [messageOf(event)] });
    return {
      host: hostOf(url),
      send: async () => {
        // An emulator asks nobody for a token.
        if (this.#tokens === undefined && this.#parts.endpoint === undefined) return notSent(NO_ACCOUNT, 'later');
        const token = this.#tokens && (await tokenOf(this.#tokens));
        if (typeof token === 'object') return token;
        const headers = {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        };
        const secrets = token === undefined ? [] : [token];
        const { outcome } = await callHttp(this.#parts, {
          request: { method: 'POST', url, headers, body },
          secrets,
          mode,
        });
        if (outcome.status === 401) this.#tokens?.forget();
        return outcome;
      },
    };
  }
}

/** @returns a token, or what the attempt ended with instead. */
async function tokenOf(tokens: GoogleTokens): Promise<string | CallOutcome> {
  try {
    return await tokens.token();
  } catch (error) {
    if (error instanceof OutboundError) {
      const text = `The token of the service account could not be fetched: ${error.message}`;
      return notSent(text, error.code === 'busy' ? 'busy' : 'later');
    }
    if (error instanceof DomainError) return notSent(error.message, 'later');
    throw error;
  }
}

/** Section 4.3 of the event notes: data in Base64, absent for an event without any. */
function messageOf(stored: StoredEvent): object {
  const { data, coreid, name, publishedAt } = triggeringEvent(stored);
  const attributes = { device_id: coreid, event: name, published_at: formatTimestamp(publishedAt) };
  return { ...(data !== null && data !== '' && { data: Buffer.from(data).toString('base64') }), attributes };
}

function notSent(error: string, again: CallOutcome['again']): CallOutcome {
  const nothing = { status: null, events: [], requestText: '', responseText: '', body: null, retryAfterMs: null };
  return { ...nothing, ok: false, error, again };
}
