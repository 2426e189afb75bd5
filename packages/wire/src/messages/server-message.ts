import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber } from '../coap/index.ts';
import type { DescribeRequestFields } from './describe-exchange.ts';
import { decodeDescribeRequest } from './describe-exchange.ts';
import type { EventFields } from './event.ts';
import { decodeEvent } from './event.ts';
import type { EmptyMessage, MessageOrigin, ResponseMessage, UnsupportedMessage } from './exchange-message.ts';
import { classifyExchange } from './exchange-message.ts';
import type { FunctionCallFields } from './function-call.ts';
import { decodeFunctionCall } from './function-call.ts';
import type { LegacyOtaChunkFields, LegacyOtaStartFields } from './legacy-ota.ts';
import { decodeLegacyOtaChunk, decodeLegacyOtaStart } from './legacy-ota.ts';
import type { OtaChunkFields, OtaFinishFields, OtaStartFields } from './ota.ts';
import { decodeOtaChunk, decodeOtaFinish, decodeOtaStart } from './ota.ts';
import { RequestRoutes, unsupportedRoute } from './request-routes.ts';
import { decodeSignal } from './signal.ts';
import { decodeVariableRequest } from './variable.ts';

/** What a server may send, told apart by `kind` (protocol section 6). */
export type ServerMessage = EmptyMessage | ResponseMessage | ServerRequest;

type ServerRequest =
  | UnsupportedMessage
  | ({ readonly kind: 'event' } & MessageOrigin & EventFields)
  | ({ readonly kind: 'function-call' } & MessageOrigin & FunctionCallFields)
  | ({ readonly kind: 'variable-request'; readonly name: string } & MessageOrigin)
  | ({ readonly kind: 'describe-request' } & MessageOrigin & DescribeRequestFields)
  | ({ readonly kind: 'signal'; readonly on: boolean } & MessageOrigin)
  | ({ readonly kind: 'hello' } & MessageOrigin)
  | ({ readonly kind: 'discard-session' } & MessageOrigin)
  | ({ readonly kind: 'ota-start' } & MessageOrigin & OtaStartFields)
  | ({ readonly kind: 'ota-chunk' } & MessageOrigin & OtaChunkFields)
  | ({ readonly kind: 'ota-finish' } & MessageOrigin & OtaFinishFields)
  | ({ readonly kind: 'legacy-ota-start' } & MessageOrigin & LegacyOtaStartFields)
  | ({ readonly kind: 'legacy-ota-chunk' } & MessageOrigin & LegacyOtaChunkFields)
  | ({ readonly kind: 'legacy-ota-finish' } & MessageOrigin);

const { GET, POST, PUT } = CoapCode;
const { BLOCK2, CHUNK_INDEX, FILE_SIZE, FILE_SHA256, CHUNK_SIZE, DISCARD_DATA, CANCEL_UPDATE, MODULE_FUNCTION } =
  CoapOptionNumber;

function event(message: CoapMessage, origin: MessageOrigin): ServerRequest {
  return { kind: 'event', ...origin, ...decodeEvent(message) };
}

function legacyOtaStart(message: CoapMessage, origin: MessageOrigin): ServerRequest {
  return { kind: 'legacy-ota-start', ...origin, ...decodeLegacyOtaStart(message) };
}

const routes = new RequestRoutes<ServerRequest>([
  { code: POST, letter: 'e', decode: event },
  { code: POST, letter: 'E', decode: event },
  {
    code: POST,
    letter: 'f',
    decode: (message, origin) => ({ kind: 'function-call', ...origin, ...decodeFunctionCall(message) }),
  },
  {
    code: GET,
    letter: 'v',
    decode: (message, origin) => ({ kind: 'variable-request', ...origin, ...decodeVariableRequest(message) }),
  },
  {
    code: GET,
    letter: 'd',
    options: [BLOCK2],
    decode: (message, origin) => ({ kind: 'describe-request', ...origin, ...decodeDescribeRequest(message) }),
  },
  { code: PUT, letter: 's', decode: (message, origin) => ({ kind: 'signal', ...origin, ...decodeSignal(message) }) },
  { code: POST, letter: 'h', decode: (_message, origin) => ({ kind: 'hello', ...origin }) },
  { code: PUT, letter: 'k', decode: (_message, origin) => ({ kind: 'discard-session', ...origin }) },
  unsupportedRoute(POST, 'M', 'server-moved'),
  unsupportedRoute(POST, 'L', 'ledger'),
  {
    code: POST,
    letter: 'S',
    options: [FILE_SIZE, FILE_SHA256, CHUNK_SIZE, DISCARD_DATA, MODULE_FUNCTION],
    decode: (message, origin) => ({ kind: 'ota-start', ...origin, ...decodeOtaStart(message) }),
  },
  {
    code: POST,
    letter: 'C',
    options: [CHUNK_INDEX],
    decode: (message, origin) => ({ kind: 'ota-chunk', ...origin, ...decodeOtaChunk(message) }),
  },
  {
    code: POST,
    letter: 'F',
    options: [DISCARD_DATA, CANCEL_UPDATE],
    decode: (message, origin) => ({ kind: 'ota-finish', ...origin, ...decodeOtaFinish(message) }),
  },
  { code: POST, letter: 'u', decode: legacyOtaStart },
  { code: POST, letter: 's', decode: legacyOtaStart },
  {
    code: POST,
    letter: 'c',
    decode: (message, origin) => ({ kind: 'legacy-ota-chunk', ...origin, ...decodeLegacyOtaChunk(message) }),
  },
  { code: PUT, letter: 'u', decode: (_message, origin) => ({ kind: 'legacy-ota-finish', ...origin }) },
]);

/**
 * What a message from a server means to a device. `unsupported` names requests that are recognised but not acted on, and covers all others, and
 * any message with a critical option that its kind doesn't know. Byte fields share memory with the datagram.
 * @throws WireError when the message breaks the rules of its kind.
 */
export function classifyFromServer(message: CoapMessage): ServerMessage {
  return classifyExchange(message) ?? routes.classify(message);
}
