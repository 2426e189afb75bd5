import { errorMessage } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  CoapType,
  emptyAck,
  encodeResponse,
  encodeVariableResponse,
} from '@cloudchamber/wire';
import type { RequestContext, RequestOf } from './request-context.ts';

/** A variable: empty ACK, then the value by itself; 4.04 for one that there isn't, 5.00 for one that can't be read (protocol section 6.3). */
export function handleVariable(
  context: RequestContext,
  message: CoapMessage,
  request: RequestOf<'variable-request'>,
): void {
  if (request.token.length !== 1) return context.connection.end('protocol_error');
  context.connection.acknowledge(message, emptyAck(message.id));
  const token = new Uint8Array(request.token);
  context.connection.respond((id) => answer(context, request.name, id, token));
}

function answer(context: RequestContext, name: string, id: number, token: Uint8Array): Uint8Array {
  const { variables } = context.application.behaviour;
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (variable === undefined) return encodeResponse({ type: CoapType.CON, id, token, code: CoapCode.NOT_FOUND });
  context.count('reads');
  try {
    return encodeVariableResponse({ id, token, type: variable.type, value: variable.read() });
  } catch (error) {
    context.log.warn({ variable: name, error: errorMessage(error) }, 'a variable could not be read');
    return encodeResponse({ type: CoapType.CON, id, token, code: CoapCode.INTERNAL_SERVER_ERROR });
  }
}
