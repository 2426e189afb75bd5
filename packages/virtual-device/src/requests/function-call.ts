import { errorMessage } from '@cloudchamber/kernel';
import { type CoapMessage, emptyAck, encodeFunctionResult } from '@cloudchamber/wire';
import { argumentTooLong } from './argument-too-long.ts';
import type { RequestContext, RequestOf } from './request-context.ts';

/** A call: empty ACK, then the result by itself. An unknown function gets its ACK and nothing else, ever (protocol section 6.2). */
export function handleCall(context: RequestContext, message: CoapMessage, call: RequestOf<'function-call'>): void {
  if (call.token.length !== 1) return context.connection.end('protocol_error');
  if (Buffer.byteLength(call.argument) > context.application.profile.maxValueBytes) {
    return context.connection.acknowledge(message, argumentTooLong(message));
  }
  context.connection.acknowledge(message, emptyAck(message.id));
  const { functions } = context.application.behaviour;
  const run = Object.hasOwn(functions, call.name) ? functions[call.name] : undefined;
  if (run === undefined) return;
  context.count('calls');
  const token = new Uint8Array(call.token);
  (async () => run(call.argument))().then(
    (value) => context.connection.respond((id, confirmable) => encodeFunctionResult({ id, confirmable, token, value })),
    (error: unknown) => context.log.warn({ function: call.name, error: errorMessage(error) }, 'a function failed'),
  );
}
