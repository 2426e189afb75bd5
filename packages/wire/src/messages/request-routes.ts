import type { CoapMessage } from '../coap/index.ts';
import { CoapOptionNumber, unknownCriticalOption } from '../coap/index.ts';
import type { MessageOrigin, UnsupportedMessage } from './exchange-message.ts';
import { originOf, unsupported } from './exchange-message.ts';
import { pathLetter } from './request-path.ts';

/** A request that a classifier knows: its code and path letter, the critical options it may carry, and what it becomes. */
export interface RequestRoute<Message> {
  readonly code: number;
  readonly letter: string;
  /** Beyond Uri-Path and Uri-Query. */
  readonly options?: readonly number[];
  readonly decode: (message: CoapMessage, origin: MessageOrigin) => Message;
}

const PATH_AND_QUERY: readonly number[] = [CoapOptionNumber.URI_PATH, CoapOptionNumber.URI_QUERY];

/** The requests of one direction, found by code and first letter of the path. */
export class RequestRoutes<Message> {
  readonly #routes: ReadonlyMap<number, Required<RequestRoute<Message>>>;

  constructor(routes: readonly RequestRoute<Message>[]) {
    this.#routes = new Map(
      routes.map((route) => [
        routeKey(route.code, route.letter),
        { ...route, options: [...PATH_AND_QUERY, ...(route.options ?? [])] },
      ]),
    );
  }

  /**
   * What the request becomes; `unsupported` when no route takes it or it has a critical option that its route doesn't know.
   * @throws WireError from the route's decoder.
   */
  classify(message: CoapMessage): Message | UnsupportedMessage {
    const letter = pathLetter(message);
    const route = letter === undefined ? undefined : this.#routes.get(routeKey(message.code, letter));
    const option = unknownCriticalOption(message, route?.options ?? PATH_AND_QUERY);
    if (route === undefined || option !== undefined) return unsupported(message, 'unknown', option);
    return route.decode(message, originOf(message));
  }
}

/** A request that is recognised by name but not acted on. */
export function unsupportedRoute(
  code: number,
  letter: string,
  name: string,
  options: readonly number[] = [],
): RequestRoute<UnsupportedMessage> {
  return { code, letter, options, decode: (message) => unsupported(message, name) };
}

function routeKey(code: number, letter: string): number {
  return code * 256 + letter.charCodeAt(0);
}
