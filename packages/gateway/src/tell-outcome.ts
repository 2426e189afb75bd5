import type { ConnectionFailure, ConnectionOutcome, ConnectionStage } from './connection-outcome.ts';
import type { DeviceSession } from './device-session.ts';
import type { RefusalReason } from './ports.ts';

/**
 * Tells the cloud how far the device of a session came.
 * @param reason why it came no further; nothing when it is in
 */
export function tellOutcome(
  session: DeviceSession,
  stage: ConnectionStage,
  reason?: RefusalReason | ConnectionFailure,
): void {
  const { link, environment } = session;
  const deviceId = session.claimedId ?? session.deviceId ?? link.deviceId;
  const outcome: ConnectionOutcome = {
    transport: link.transport,
    address: link.address,
    port: link.port,
    stage,
    ...(reason !== undefined && { reason }),
    ...(deviceId !== undefined && { deviceId }),
    publicKey: link.publicKey,
    // On TCP the first message that can be read is the proof (protocol section 2.1).
    keyProved: link.transport === 'udp' || stage !== 'secured',
    at: environment.clock.now(),
  };
  environment.ports.connectionEnded(outcome);
}
