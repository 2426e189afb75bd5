import {
  type CoapMessage,
  classifyFromServer,
  emptyAck,
  encodeSignalAck,
  type ServerMessage,
  WireError,
} from '@cloudchamber/wire';
import { argumentTooLong } from './argument-too-long.ts';
import { handleDescribe } from './describe.ts';
import { handleEvent } from './event.ts';
import { handleCall } from './function-call.ts';
import type { RequestContext } from './request-context.ts';
import { handleVariable } from './variable.ts';

/** Acts on a message of the server as Device OS does (protocol section 6). What it does not understand gets no answer at all (section 3.1). */
export function handleRequest(context: RequestContext, message: CoapMessage, now: number): void {
  const request = classify(context, message);
  if (request === undefined) return;
  switch (request.kind) {
    case 'function-call':
      return handleCall(context, message, request);
    case 'variable-request':
      return handleVariable(context, message, request);
    case 'event':
      return handleEvent(context, message, request);
    case 'describe-request':
      return handleDescribe(context, message, request, now);
    case 'signal':
      context.connection.acknowledge(message, encodeSignalAck({ ...request, id: context.connection.idOfAck(message) }));
      return context.signal(request.on);
    case 'discard-session':
      context.connection.acknowledge(message, emptyAck(message.id));
      return context.connection.end('discarded');
    case 'ota-start':
    case 'ota-chunk':
    case 'ota-finish':
    case 'legacy-ota-start':
    case 'legacy-ota-chunk':
    case 'legacy-ota-finish':
      return context.updater.handle(message, request);
    case 'ping':
      return context.connection.acknowledge(message, emptyAck(context.connection.idOfAck(message)));
    case 'hello':
      context.connection.greet();
      return context.connection.acknowledge(message, emptyAck(message.id));
    case 'response':
      return context.connection.acknowledge(message, emptyAck(message.id));
    default:
      context.log.debug({ kind: request.kind, code: message.code }, 'the device knows no answer to a message');
  }
}

function classify(context: RequestContext, message: CoapMessage): ServerMessage | undefined {
  try {
    return classifyFromServer(message);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    context.log.warn({ error: error.message, clause: error.clause }, 'the server sent a malformed request');
    // A function argument above 1024 bytes is the one that is refused (protocol section 6.2).
    if (error.kind === 'too_large') context.connection.acknowledge(message, argumentTooLong(message));
    return undefined;
  }
}
