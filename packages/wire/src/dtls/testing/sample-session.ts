import { seededEntropy } from '@cloudchamber/kernel';
import { RecordSession, type SessionSecrets } from '../record-session.ts';

/** Secrets of a made-up association, for tests. */
export function sampleSecrets(changes: Partial<SessionSecrets> = {}): SessionSecrets {
  const entropy = seededEntropy(1);
  return {
    cid: entropy.bytes(8),
    clientKey: entropy.bytes(16),
    serverKey: entropy.bytes(16),
    clientIv: entropy.bytes(4),
    serverIv: entropy.bytes(4),
    peerSpki: entropy.bytes(91),
    readTop: -1,
    readWindow: [0, 0],
    writeSequence: 0,
    ...changes,
  };
}

/** Both ends of one association. */
export function sampleSessions(changes: Partial<SessionSecrets> = {}): {
  client: RecordSession;
  server: RecordSession;
} {
  const secrets = sampleSecrets(changes);
  return { client: new RecordSession('client', secrets), server: new RecordSession('server', secrets) };
}
