import {
  CoapCode,
  type CoapMessage,
  CoapType,
  emptyAck,
  encodeDescribeResponse,
  encodeResponse,
} from '@cloudchamber/wire';
import type { RequestContext, RequestOf } from './request-context.ts';

/** GET /d: empty ACK, then the part by itself, whole or block by block; what can't be answered is refused in the ACK (protocol section 8.1). */
export function handleDescribe(
  context: RequestContext,
  message: CoapMessage,
  request: RequestOf<'describe-request'>,
  now: number,
): void {
  const refuse = (code: number): void => {
    const { id, token } = message;
    context.connection.acknowledge(message, encodeResponse({ type: CoapType.ACK, id, token, code }));
  };
  if (message.type !== CoapType.CON || request.token.length === 0) return refuse(CoapCode.BAD_REQUEST);
  const answer = context.describe.answer(request, (flag) => context.application.describe(flag), now);
  if (typeof answer === 'number') return refuse(answer);
  context.connection.acknowledge(message, emptyAck(message.id));
  const token = new Uint8Array(request.token);
  context.connection.respond((id, confirmable) => encodeDescribeResponse({ id, confirmable, token, ...answer }));
}
