import { errorMessage } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  CoapType,
  emptyAck,
  encodeResponse,
  encodeVariableResponse,
} from '@cloudchamber/wire';
import type { DeviceVariable } from '../behaviours/behaviour.ts';
import type { RequestContext, RequestOf } from './request-context.ts';

/**
 * A variable: empty ACK, then the value by itself; 4.04 for one that there isn't, in older firmware in the ACK; 5.00 for one that can't be read (protocol
 * section 6.3).
 */
export function handleVariable(
  context: RequestContext,
  message: CoapMessage,
  request: RequestOf<'variable-request'>,
): void {
  if (request.token.length !== 1) return context.connection.end('protocol_error');
  const token = new Uint8Array(request.token);
  const { profile, behaviour } = context.application;
  const variable = Object.hasOwn(behaviour.variables, request.name) ? behaviour.variables[request.name] : undefined;
  if (variable === undefined && profile.refusesInAck) {
    const refusal = { type: CoapType.ACK, id: message.id, token, code: CoapCode.NOT_FOUND };
    return context.connection.acknowledge(message, encodeResponse(refusal));
  }
  context.connection.acknowledge(message, emptyAck(message.id));
  context.connection.respond((id, confirmable) => answer(context, request.name, variable, { id, confirmable, token }));
}

function answer(
  context: RequestContext,
  name: string,
  variable: DeviceVariable | undefined,
  response: { readonly id: number; readonly confirmable: boolean; readonly token: Uint8Array },
): Uint8Array {
  const { id, confirmable, token } = response;
  const type = confirmable ? CoapType.CON : CoapType.NON;
  if (variable === undefined) return encodeResponse({ type, id, token, code: CoapCode.NOT_FOUND });
  context.count('reads');
  try {
    const value = variable.read();
    const { maxValueBytes } = context.application.profile;
    if (typeof value === 'string' && Buffer.byteLength(value) > maxValueBytes) throw new Error('the value is too long');
    return encodeVariableResponse({ ...response, type: variable.type, value });
  } catch (error) {
    context.log.warn({ variable: name, error: errorMessage(error) }, 'a variable could not be read');
    return encodeResponse({ type, id, token, code: CoapCode.INTERNAL_SERVER_ERROR });
  }
}
