import { errorMessage } from '@cloudchamber/kernel';
import { CoapCode, type CoapMessage, type DeviceMessage, emptyAck } from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { refuse } from './refuse.ts';

type Subscribe = Extract<DeviceMessage, { kind: 'subscribe' }>;

/**
 * A subscription (protocol section 5.4). It is stored before its ACK: afterwards the device won't say it again, not even on a resumed session.
 * The first one of a new session starts a new set; there is no unsubscribe.
 */
export function handleSubscribe(session: DeviceSession, message: CoapMessage, subscribe: Subscribe, now: number): void {
  const { deviceId } = session;
  if (deviceId === undefined || !session.admit(message, now)) return;
  const { ports, log } = session.environment;
  const { prefix, accepts, deviceFilter } = subscribe;
  const first = !session.subscribed;
  session.subscribed = true;
  // Both before the ACK: a later process must not take the next one for the first.
  Promise.all([ports.subscribe(deviceId, { prefix, accepts, deviceFilter }, first), first && session.stored()]).then(
    () => session.reply(message, emptyAck(message.id)),
    (error: unknown) => {
      log.warn({ deviceId, error: errorMessage(error) }, 'subscription refused');
      refuse(session, message, CoapCode.SERVICE_UNAVAILABLE);
    },
  );
}
