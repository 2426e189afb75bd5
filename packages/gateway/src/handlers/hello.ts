import { errorMessage } from '@cloudchamber/kernel';
import { type CoapMessage, type DeviceMessage, emptyAck, encodeServerHello, HelloFlag } from '@cloudchamber/wire';
import { fetchDescribe } from '../describe-fetch.ts';
import type { DeviceSession } from '../device-session.ts';
import { keepSession } from '../kept-session.ts';
import type { Admission, ConnectAttempt, RefusalReason } from '../ports.ts';
import { tellOutcome } from '../tell-outcome.ts';

type Hello = Extract<DeviceMessage, { kind: 'hello' }>;

/**
 * Hello names the device (protocol section 5.1): its id must belong to the key that the handshake proved (section 1.6). Over UDP the id is inside;
 * over TCP the handshake told it.
 * A Hello on a live session is a refresh after resume and is checked again.
 */
export function handleHello(session: DeviceSession, message: CoapMessage, hello: Hello, now: number): void {
  if (session.state === 'admitting' || !session.admit(message, now)) return;
  const { deviceId, kind: _, ...facts } = hello;
  const known = session.deviceId ?? session.link.deviceId;
  const claimed = deviceId ?? known;
  session.claimedId = claimed;
  if (claimed === undefined || (known !== undefined && known !== claimed)) {
    session.state = 'admitting';
    return refuse(session, 'device_id_missing');
  }
  const attempt: ConnectAttempt = {
    deviceId: claimed,
    publicKey: session.link.publicKey,
    ...(session.link.serverKey !== undefined && { serverKey: session.link.serverKey }),
    transport: session.link.transport,
    hello: facts,
    address: session.link.address,
    at: session.environment.clock.now(),
  };
  session.state = 'admitting';
  void admit(session, message, attempt);
}

async function admit(session: DeviceSession, message: CoapMessage, attempt: ConnectAttempt): Promise<void> {
  const { ports, log, counters } = session.environment;
  let admission: Admission;
  try {
    admission = await ports.authenticate(attempt);
    if (admission.admitted) await Promise.all([ports.sessionStarted(attempt), keepSession(session, attempt)]);
  } catch (error) {
    log.error({ deviceId: attempt.deviceId, error: errorMessage(error) }, 'device could not be admitted');
    admission = { admitted: false, reason: 'unavailable' };
  }
  if (session.state !== 'admitting') return;
  if (!admission.admitted) return refuse(session, admission.reason, attempt);
  const isRefresh = session.deviceId !== undefined;
  session.deviceId = attempt.deviceId;
  session.hello = attempt.hello;
  counters.add('devices_admitted', attempt.transport);
  session.reply(message, emptyAck(message.id));
  // A device on TCP waits 4 s for it (protocol section 2.1); over UDP it has its ACK.
  if (attempt.transport === 'tcp') session.outgoing.tell((id) => encodeServerHello({ id, confirmable: false }));
  session.goLive(attempt);
  if (!isRefresh) tellOutcome(session, 'admitted');
  if ((attempt.hello.flags & HelloFlag.DEVICE_INITIATED_DESCRIBE) === 0) await askForDescribe(session);
}

/** Before Device OS 2.0 devices don't post Describe: they are asked (protocol section 8.1). */
async function askForDescribe(session: DeviceSession): Promise<void> {
  try {
    await fetchDescribe(session, 'system');
    await fetchDescribe(session, 'application');
  } catch (error) {
    session.environment.log.warn({ deviceId: session.deviceId, error: errorMessage(error) }, 'no Describe from device');
  }
}

function refuse(session: DeviceSession, reason: RefusalReason | 'device_id_missing', attempt?: ConnectAttempt): void {
  session.environment.counters.add('refused', reason);
  session.environment.log.warn(
    { deviceId: attempt?.deviceId, address: session.link.address, reason },
    'device refused',
  );
  session.link.close('refuse');
  session.end('session_ended', reason);
}
