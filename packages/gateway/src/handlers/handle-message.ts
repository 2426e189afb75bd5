import {
  CoapCode,
  type CoapMessage,
  CoapType,
  classifyFromDevice,
  type DeviceMessage,
  emptyAck,
  encodeTimeAnswer,
  WireError,
} from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { handleDescribe } from './describe.ts';
import { handleHello } from './hello.ts';
import { handlePublish } from './publish.ts';
import { refuse } from './refuse.ts';
import { handleSubscribe } from './subscribe.ts';

/** Acts on one message from a device, as protocol section 3.3 owes it an answer. `now` is monotonic ms. */
export function handleMessage(session: DeviceSession, message: CoapMessage, now: number): void {
  let classified: DeviceMessage;
  try {
    classified = classifyFromDevice(message);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refuseMalformed(session, message, error, now);
  }
  if (classified.kind === 'ack' || classified.kind === 'reset') return settle(session, message);
  if (classified.kind === 'hello') return handleHello(session, message, classified, now);
  if (session.state !== 'live') return session.environment.counters.add('messages_dropped', 'before_hello');
  handleLive(session, message, classified, now);
}

function handleLive(session: DeviceSession, message: CoapMessage, classified: DeviceMessage, now: number): void {
  switch (classified.kind) {
    case 'publish':
      return handlePublish(session, message, classified, now);
    case 'ping':
      // Pings are answered every time and not remembered: a repeat wants the same ACK (protocol section 5.7).
      return session.link.send(emptyAck(message.id));
    case 'response':
      if (message.type === CoapType.CON) session.link.send(emptyAck(message.id));
      return settle(session, message);
    case 'subscribe':
      return handleSubscribe(session, message, classified, now);
    case 'describe-post':
      return handleDescribe(session, message, classified, now);
    case 'time-request':
      if (!session.admit(message, now)) return;
      return session.reply(message, timeAnswer(session, message));
    case 'goodbye':
      if (!session.admit(message, now)) return;
      session.reply(message, emptyAck(message.id));
      return session.goOffline('goodbye');
    case 'ota-chunk-ack':
      return session.environment.chunksAcknowledged(session, classified, now);
    case 'legacy-ota-missing':
      if (!session.admit(message, now)) return;
      session.reply(message, emptyAck(message.id));
      return session.environment.chunksMissing(session, classified.indices);
    default:
      return refuseUnsupported(session, message, classified, now);
  }
}

function settle(session: DeviceSession, message: CoapMessage): void {
  if (!session.settle(message)) session.environment.counters.add('messages_dropped', 'nothing_waiting');
}

function timeAnswer(session: DeviceSession, message: CoapMessage): Uint8Array {
  const seconds = Math.floor(session.environment.clock.now() / 1000);
  return encodeTimeAnswer({ id: message.id, token: message.token, seconds });
}

/** An unanswered CON costs the device its session (protocol section 3.2), so a message that nothing here takes is refused by code. */
function refuseUnsupported(session: DeviceSession, message: CoapMessage, classified: DeviceMessage, now: number): void {
  const { counters } = session.environment;
  const option = classified.kind === 'unsupported' ? classified.unknownCriticalOption : undefined;
  counters.add('messages_refused', option === undefined ? 'unsupported' : 'critical_option');
  if (message.type !== CoapType.CON || !session.admit(message, now)) return;
  refuse(session, message, option === undefined ? CoapCode.NOT_IMPLEMENTED : CoapCode.BAD_OPTION);
}

function refuseMalformed(session: DeviceSession, message: CoapMessage, error: WireError, now: number): void {
  session.environment.counters.add('messages_refused', error.kind);
  if (session.state !== 'live' || message.type !== CoapType.CON || !session.admit(message, now)) return;
  refuse(session, message, error.kind === 'too_large' ? CoapCode.REQUEST_ENTITY_TOO_LARGE : CoapCode.BAD_REQUEST);
}
