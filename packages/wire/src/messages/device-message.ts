import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber } from '../coap/index.ts';
import type { DescribePostFields } from './describe-exchange.ts';
import { decodeDescribePost } from './describe-exchange.ts';
import type { EventFields } from './event.ts';
import { decodeEvent } from './event.ts';
import type { EmptyMessage, MessageOrigin, ResponseMessage, UnsupportedMessage } from './exchange-message.ts';
import { classifyExchange } from './exchange-message.ts';
import type { GoodbyeFields } from './goodbye.ts';
import { decodeGoodbye } from './goodbye.ts';
import type { HelloFields } from './hello.ts';
import { decodeHello } from './hello.ts';
import type { LedgerFields } from './ledger.ts';
import { decodeLedgerRequest } from './ledger.ts';
import { decodeLegacyOtaMissing } from './legacy-ota.ts';
import type { OtaChunkAckFields } from './ota.ts';
import { decodeOtaChunkAck } from './ota.ts';
import { RequestRoutes } from './request-routes.ts';
import type { SubscribeFields } from './subscribe.ts';
import { decodeSubscribe } from './subscribe.ts';

/** What a device may send, told apart by `kind` (protocol section 5). */
export type DeviceMessage = EmptyMessage | ResponseMessage | DeviceRequest;

type DeviceRequest =
  | UnsupportedMessage
  | ({ readonly kind: 'hello' } & MessageOrigin & HelloFields)
  | ({ readonly kind: 'describe-post' } & MessageOrigin & DescribePostFields)
  | ({ readonly kind: 'publish' } & MessageOrigin & EventFields)
  | ({ readonly kind: 'subscribe' } & MessageOrigin & SubscribeFields)
  | ({ readonly kind: 'time-request' } & MessageOrigin)
  | ({ readonly kind: 'goodbye' } & MessageOrigin & GoodbyeFields)
  | ({ readonly kind: 'ledger' } & MessageOrigin & LedgerFields)
  | ({ readonly kind: 'ota-chunk-ack' } & MessageOrigin & OtaChunkAckFields)
  | ({ readonly kind: 'legacy-ota-missing'; readonly indices: readonly number[] } & MessageOrigin);

const { GET, POST } = CoapCode;
const { BLOCK1, BLOCK2, CHUNK_INDEX } = CoapOptionNumber;

function publish(message: CoapMessage, origin: MessageOrigin): DeviceRequest {
  return { kind: 'publish', ...origin, ...decodeEvent(message) };
}

const routes = new RequestRoutes<DeviceRequest>([
  { code: POST, letter: 'E', options: [BLOCK1], decode: publish },
  // Public events of Device OS up to 6.1; all events are private now (MSG-08).
  { code: POST, letter: 'e', options: [BLOCK1], decode: publish },
  {
    code: POST,
    letter: 'h',
    decode: (message, origin) => ({ kind: 'hello', ...origin, ...decodeHello(message.payload) }),
  },
  {
    code: POST,
    letter: 'd',
    options: [BLOCK1],
    decode: (message, origin) => ({ kind: 'describe-post', ...origin, ...decodeDescribePost(message) }),
  },
  {
    code: GET,
    letter: 'e',
    decode: (message, origin) => ({ kind: 'subscribe', ...origin, ...decodeSubscribe(message) }),
  },
  { code: GET, letter: 't', decode: (_message, origin) => ({ kind: 'time-request', ...origin }) },
  {
    code: POST,
    letter: 'x',
    decode: (message, origin) => ({ kind: 'goodbye', ...origin, ...decodeGoodbye(message.payload) }),
  },
  {
    code: POST,
    letter: 'L',
    options: [BLOCK1, BLOCK2],
    decode: (message, origin) => ({ kind: 'ledger', ...origin, ...decodeLedgerRequest(message) }),
  },
  {
    code: POST,
    letter: 'A',
    options: [CHUNK_INDEX],
    decode: (message, origin) => ({ kind: 'ota-chunk-ack', ...origin, ...decodeOtaChunkAck(message) }),
  },
  {
    code: GET,
    letter: 'c',
    decode: (message, origin) => ({ kind: 'legacy-ota-missing', ...origin, indices: decodeLegacyOtaMissing(message) }),
  },
]);

/**
 * What a message from a device means. `unsupported` names requests that are recognised but not acted on, and covers all others, and any message
 * with a critical option that its kind doesn't know. Byte fields share memory with the datagram.
 * @throws WireError when the message breaks the rules of its kind.
 */
export function classifyFromDevice(message: CoapMessage): DeviceMessage {
  return classifyExchange(message) ?? routes.classify(message);
}
