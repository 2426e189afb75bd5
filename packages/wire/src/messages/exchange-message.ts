import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, isRequestCode, unknownCriticalOption } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import type { ResponseFields } from './response.ts';
import { decodeResponse } from './response.ts';

/** What an answer to the message needs. */
export interface MessageOrigin {
  readonly id: number;
  /** Whether it is a CON, and so owed an answer. */
  readonly confirmable: boolean;
  readonly token: Uint8Array;
}

/** A ping (empty CON), a bare ACK, or a RST. */
export type EmptyMessage = { readonly kind: 'ping' | 'ack' | 'reset'; readonly id: number };

/** A response: to the request with this id when `piggybacked`, otherwise to the one with this token. */
export type ResponseMessage = { readonly kind: 'response'; readonly piggybacked: boolean } & MessageOrigin &
  ResponseFields;

/** A message that nothing here acts on. */
export interface UnsupportedMessage extends MessageOrigin {
  readonly kind: 'unsupported';
  readonly code: number;
  /** What it is, when the protocol has a name for it: `ota-chunk-ack`; else `unknown`. */
  readonly name: string;
  /** The critical option because of which it may not be acted on: a request gets 4.02 Bad Option (RFC 7252 section 5.4.1). */
  readonly unknownCriticalOption?: number;
}

const CLAUSE = 'RFC 7252 4.3';
const { BLOCK1, BLOCK2, WINDOW_SIZE, FILE_SIZE } = CoapOptionNumber;
const RESPONSE_OPTIONS = [BLOCK1, BLOCK2, WINDOW_SIZE, FILE_SIZE];

/**
 * What is the same in both directions: empty messages and responses. Undefined for a request.
 * @throws WireError `malformed` for combinations of type and code that RFC 7252 table 1 rules out.
 */
export function classifyExchange(
  message: CoapMessage,
): EmptyMessage | ResponseMessage | UnsupportedMessage | undefined {
  const { type, code, id } = message;
  if (code === CoapCode.EMPTY) {
    if (type === CoapType.CON) return { kind: 'ping', id };
    if (type === CoapType.ACK) return { kind: 'ack', id };
    if (type === CoapType.RST) return { kind: 'reset', id };
    throw new WireError('malformed', 'an empty NON', CLAUSE, 0);
  }
  if (type === CoapType.RST) throw new WireError('malformed', 'a RST that is not empty', CLAUSE, 1);
  if (isRequestCode(code)) {
    if (type === CoapType.ACK) throw new WireError('malformed', 'a request in an ACK', CLAUSE, 1);
    return undefined;
  }
  const option = unknownCriticalOption(message, RESPONSE_OPTIONS);
  if (option !== undefined) return unsupported(message, 'response', option);
  return { kind: 'response', piggybacked: type === CoapType.ACK, ...originOf(message), ...decodeResponse(message) };
}

export function originOf(message: CoapMessage): MessageOrigin {
  return { id: message.id, confirmable: message.type === CoapType.CON, token: message.token };
}

export function unsupported(message: CoapMessage, name: string, unknownCriticalOption?: number): UnsupportedMessage {
  return { kind: 'unsupported', ...originOf(message), code: message.code, name, unknownCriticalOption };
}
