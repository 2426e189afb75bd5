import { ChamberError, type DeviceId, errorMessage } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  CoapType,
  type DeviceMessage,
  emptyAck,
  encodeResponse,
  MAX_BODY_BYTES,
} from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { refuse } from './refuse.ts';

type Publish = Extract<DeviceMessage, { kind: 'publish' }>;

/** The device throws its session away: the next connection is a full handshake (protocol section 1.10). */
const SESSION_END = 'spark/device/session/end';

/**
 * An event (protocol section 5.3): it goes to the cloud, and the ACK goes out when the cloud has it on disk, not before.
 * A failure answers 5.03: the device knows that nothing was promised.
 */
export function handlePublish(session: DeviceSession, message: CoapMessage, publish: Publish, now: number): void {
  const { deviceId } = session;
  if (deviceId === undefined || !session.admit(message, now)) return;
  if (session.wasPublished(message, now)) return acceptAgain(session, message);
  if (publish.block1 !== undefined) return handleBlock(session, message, publish, deviceId, now);
  deliver(session, message, publish, deviceId, publish.data);
}

function deliver(
  session: DeviceSession,
  message: CoapMessage,
  publish: Publish,
  deviceId: DeviceId,
  data: Uint8Array,
): void {
  const { ports, clock, counters, log } = session.environment;
  const { name, contentFormat, ttlSeconds } = publish;
  const address = session.link.address;
  const witness = session.kept?.witness(message.id);
  ports.publish({ deviceId, name, data, contentFormat, ttlSeconds, receivedAt: clock.now(), address, witness }).then(
    () => {
      counters.add('events_stored');
      session.reply(message, accepted(message));
      if (name === SESSION_END) session.end('session_ended');
    },
    (error: unknown) => {
      counters.add('events_refused');
      log.warn({ deviceId, error: errorMessage(error) }, 'event refused');
      const answer = (): void => refuse(session, message, refusalOf(error));
      // When even the record's number can't be stored, the device is told all the same: nothing came of it.
      session.stored().then(answer, answer);
    },
  );
}

/** An earlier process has stored it, and its ACK was lost. */
function acceptAgain(session: DeviceSession, message: CoapMessage): void {
  session.stored().then(
    () => session.reply(message, accepted(message)),
    () => session.environment.counters.add('messages_dropped', 'not_stored'),
  );
}

/** Events above 1024 bytes come in blocks (protocol section 5.3, Device OS 6.3 and later). */
function handleBlock(
  session: DeviceSession,
  message: CoapMessage,
  publish: Publish,
  deviceId: DeviceId,
  now: number,
): void {
  const { block1, requestTag } = publish;
  if (block1 === undefined) return;
  const key = `E/${publish.name}/${requestTag === undefined ? '' : Buffer.from(requestTag).toString('hex')}`;
  const result = session.transfers.feed(key, block1, publish.data, MAX_BODY_BYTES, now);
  if (result.kind === 'rejected') return refuse(session, message, result.code);
  if (result.kind === 'complete') return deliver(session, message, publish, deviceId, result.payload);
  const { id, token } = message;
  session.reply(message, encodeResponse({ type: CoapType.ACK, id, token, code: CoapCode.CONTINUE, block1 }));
}

/** The device's own fault is 4.00, which it need not try again; anything else may pass (protocol section 5.3). */
function refusalOf(error: unknown): number {
  const ownFault = error instanceof ChamberError && error.fault === 'caller';
  return ownFault ? CoapCode.BAD_REQUEST : CoapCode.SERVICE_UNAVAILABLE;
}

/** An event with a token wants its response; the classic form only its ACK. */
function accepted(message: CoapMessage): Uint8Array {
  if (message.token.length === 0) return emptyAck(message.id);
  return encodeResponse({ type: CoapType.ACK, id: message.id, token: message.token, code: CoapCode.CHANGED });
}
