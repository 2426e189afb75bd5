import { errorMessage } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  CoapType,
  type Description,
  type DeviceMessage,
  decodeDescription,
  encodeResponse,
  MAX_BODY_BYTES,
  WireError,
} from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { refuse } from './refuse.ts';

type DescribePost = Extract<DeviceMessage, { kind: 'describe-post' }>;

/**
 * A part of Describe that the device posts by itself, whole or in blocks (protocol section 8). It is stored before the final ACK: afterwards the device
 * doesn't post it again on resumed sessions.
 */
export function handleDescribe(session: DeviceSession, message: CoapMessage, post: DescribePost, now: number): void {
  if (!session.admit(message, now)) return;
  const { block1 } = post;
  if (block1 === undefined) return store(session, message, post, post.payload);
  const result = session.transfers.feed(`d/${post.flags}`, block1, post.payload, MAX_BODY_BYTES, now);
  if (result.kind === 'rejected') return refuse(session, message, result.code);
  if (result.kind === 'complete') return store(session, message, post, result.payload);
  const { id, token } = message;
  session.reply(message, encodeResponse({ type: CoapType.ACK, id, token, code: CoapCode.CONTINUE, block1 }));
}

function store(session: DeviceSession, message: CoapMessage, post: DescribePost, payload: Uint8Array): void {
  const { deviceId } = session;
  const { ports, log, counters } = session.environment;
  if (deviceId === undefined) return;
  let description: Description;
  try {
    description = decodeDescription(post.flags, post.contentFormat, payload);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    counters.add('messages_refused', error.kind);
    return refuse(session, message, CoapCode.BAD_REQUEST);
  }
  ports.describe(deviceId, description).then(
    () => session.reply(message, changed(message)),
    (error: unknown) => {
      log.warn({ deviceId, error: errorMessage(error) }, 'Describe could not be stored');
      refuse(session, message, CoapCode.SERVICE_UNAVAILABLE);
    },
  );
}

function changed(message: CoapMessage): Uint8Array {
  return encodeResponse({ type: CoapType.ACK, id: message.id, token: message.token, code: CoapCode.CHANGED });
}
