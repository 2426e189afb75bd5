import { STATUS_CODES } from 'node:http';
import { type Clock, errorMessage, seconds } from '@cloudchamber/kernel';
import type { OutboundClient, OutboundReply, OutboundRequest } from '../../outbound/index.ts';
import { OutboundError } from '../../outbound/index.ts';
import { maskSecrets } from '../integrations/index.ts';
import type { CallOutcome, DeliveryTarget } from './delivery-target.ts';
import { logText } from './log-text.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What requests are made with. */
export interface CallParts {
  readonly outbound: Pick<OutboundClient, 'request'>;
  readonly clock: Clock;
}

export interface HttpCall {
  readonly request: Omit<OutboundRequest, 'timeoutMs' | 'mostResponseBytes'> & { readonly body?: string };
  /** Texts that no log may show. */
  readonly secrets: readonly string[];
  readonly mode: DeliveryTarget['mode'];
}

export interface HttpResult {
  readonly outcome: CallOutcome;
  /** Undefined when there was none. */
  readonly reply?: OutboundReply;
}

/** Section 5 of the event notes. */
const TIMEOUT = seconds(20);
/** A longer reply is an error; response events take no more than 100 kB of it. */
const MOST_REPLY_BYTES = 1_048_576;

/** Makes a request once and tells what became of it; a 2xx is a success. It doesn't reject. */
export async function callHttp(
  { outbound, clock }: CallParts,
  { request, secrets, mode }: HttpCall,
): Promise<HttpResult> {
  const requestText = logText(maskSecrets(requestTextOf(request), secrets));
  const base = { requestText, responseText: '', status: null, body: null, events: [], retryAfterMs: null };
  try {
    const reply = await outbound.request({ ...request, timeoutMs: TIMEOUT, mostResponseBytes: MOST_REPLY_BYTES });
    const { status, headers } = reply;
    const ok = status >= 200 && status <= 299;
    const outcome: CallOutcome = {
      ...base,
      ok,
      status,
      error: ok ? null : `error status ${status} from ${hostOf(request.url)}`,
      responseText: logText(maskSecrets(responseTextOf(reply), secrets)),
      body: reply.body.length === 0 ? null : maskSecrets(reply.body.toString('utf8'), secrets),
      // Gone says that it will stay so (RFC 9110 section 15.5.11); the hosted service tries it again like any other error.
      again: status === 410 && mode === 'durable' ? 'never' : 'later',
      retryAfterMs: parseRetryAfter(headers['retry-after'], clock.now()),
    };
    return { outcome, reply };
  } catch (error) {
    const known = error instanceof OutboundError;
    const text = known ? textOf(error) : errorMessage(error);
    return {
      outcome: { ...base, ok: false, error: maskSecrets(text, secrets), again: known ? againOf(error) : 'later' },
    };
  }
}

/** Name of the host, as attempts are counted by it; without its port, whose programs share the machine. @throws TypeError for what is no URL */
export function hostOf(url: string): string {
  return new URL(url).hostname.toLowerCase();
}

/** The documented texts of what was too slow are these words (section 5 of the event notes). */
function textOf({ code, message }: OutboundError): string {
  return code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT' ? code : message;
}

function againOf({ code }: OutboundError): CallOutcome['again'] {
  switch (code) {
    case 'busy':
      return 'busy';
    case 'bad_url':
    case 'bad_request':
    case 'forbidden_target':
    case 'too_large':
      return 'never';
    default:
      return 'later';
  }
}

function requestTextOf({ method, url, headers = {}, body = '' }: HttpCall['request']): string {
  const { pathname, search, host } = new URL(url);
  return messageOf(`${method} ${pathname}${search} HTTP/1.1`, { host, ...headers }, body);
}

function responseTextOf({ status, headers, body }: OutboundReply): string {
  return messageOf(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), headers, body.toString('utf8'));
}

function messageOf(start: string, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [start, ...lines, '', body].join('\r\n');
}
