import type { Attempt } from './attempt-read.ts';
import type { Outcome } from './doctor-search.ts';

type Reason = NonNullable<Attempt['reason']>;
type Stage = Attempt['stage'];
type Transport = Attempt['transport'];

/** @returns what a device speaks over that transport */
export const transportText = (transport: Transport): string => (transport === 'udp' ? 'DTLS, UDP' : 'AES, TCP');

/** @returns address and port, of IPv6 in brackets */
export const placeText = ({ address, port }: Pick<Attempt, 'address' | 'port'>): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  admitted: 'Admitted',
  resumed: 'Resumed',
  refused: 'Refused',
  failed: 'Failed',
};

/** Why an attempt ended, in a few words. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  unknown_device: 'Nobody registered this device',
  no_key_registered: 'No key is registered for it',
  key_mismatch: 'Its key is not the registered one',
  denied: 'Its product does not want it',
  unavailable: 'The cloud could not check it',
  wrong_server_key: 'It holds the key of another server',
  timed_out: 'It stopped answering',
  began_again: 'It began anew instead of going on',
  closed: 'It ended the connection',
  no_hello: 'Nothing came after the handshake',
  device_id_missing: 'It said no id, or another one',
  bad_proof: 'It does not own the key that it shows',
  bad_key: 'Its key is of the wrong kind',
  bad_message: 'It does not speak as Device OS does',
  unreadable: 'Its messages make no sense',
  too_many: 'Too many connections at once',
  fault: 'The cloud failed',
};

const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  client_hello: 'Said hello from its own address',
  key_exchange: 'Sent its key',
  key_proved: 'Proved to own that key',
  nonce: 'Connected',
  offer: 'Answered with its id and key',
  secured: 'Connection encrypted',
  hello: 'Said its id',
  admitted: 'Admitted',
  resumed: 'Went on with its session',
};

const STAGES: Readonly<Record<Transport, readonly Stage[]>> = {
  udp: ['client_hello', 'key_exchange', 'key_proved', 'secured', 'hello', 'admitted'],
  tcp: ['nonce', 'offer', 'secured', 'hello', 'admitted'],
};

export interface StageStep {
  readonly stage: Stage;
  readonly words: string;
  readonly isReached: boolean;
}

/** @returns the way in over that transport, and how far the attempt came; one step alone for a session that went on */
export function stepsOf({ transport, stage }: Pick<Attempt, 'transport' | 'stage'>): readonly StageStep[] {
  const way = stage === 'resumed' ? [stage] : STAGES[transport];
  const reached = way.indexOf(stage);
  return way.map((one, at) => ({ stage: one, words: STAGE_WORDS[one], isReached: at <= reached }));
}

/** @returns the stage that was reached last, such as "Sent its key" */
export const stageText = (stage: Stage): string => STAGE_WORDS[stage];

/** @returns a fingerprint in groups of four hex digits, which people can compare */
export const fingerprintText = (fingerprint: string): string => fingerprint.match(/.{1,4}/g)?.join(' ') ?? '';

/** How the key that was shown and the registered one compare. */
export type KeyComparison = 'same' | 'different' | 'none_shown' | 'none_registered' | 'neither';

export function compareKeys(attempt: Pick<Attempt, 'key_fingerprint' | 'registered_fingerprint'>): KeyComparison {
  const { key_fingerprint: shown, registered_fingerprint: registered } = attempt;
  if (shown === null) return registered === null ? 'neither' : 'none_shown';
  if (registered === null) return 'none_registered';
  return shown === registered ? 'same' : 'different';
}
