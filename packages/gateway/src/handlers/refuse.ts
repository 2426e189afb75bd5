import { type CoapMessage, CoapType, encodeResponse } from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';

/** Answers a request with an error code in its ACK. */
export function refuse(session: DeviceSession, message: CoapMessage, code: number): void {
  session.reply(message, encodeResponse({ type: CoapType.ACK, id: message.id, token: message.token, code }));
}
