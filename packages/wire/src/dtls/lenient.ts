import { WireError } from '../wire-error.ts';
import { AlertLevel, decodeAlert } from './alert.ts';
import { decodeFragments, type HandshakeFragment } from './handshake/fragment.ts';
import { parseRecords, type RecordView } from './record.ts';
import type { OpenedRecord, RecordSession } from './record-session.ts';

// DTLS drops what it cannot use and waits for better (RFC 6347 section 4.1.2.7). These are the strict decoders with that rule on top.

/** The records of a datagram; none when any is malformed. */
export function recordsOf(datagram: Uint8Array): RecordView[] {
  return orElse(() => parseRecords(datagram), []);
}

/** The handshake fragments of a record's plaintext; none when any is malformed. */
export function fragmentsOf(plaintext: Uint8Array): HandshakeFragment[] {
  return orElse(() => decodeFragments(plaintext), []);
}

/** What is inside a protected record, or undefined when it isn't genuine or new. */
export function openOrDrop(session: RecordSession, datagram: Uint8Array, record: RecordView): OpenedRecord | undefined {
  return orElse(() => session.open(datagram, record), undefined);
}

/** Whether a plaintext is a well-formed fatal alert. */
export function isFatal(plaintext: Uint8Array): boolean {
  return orElse(() => decodeAlert(plaintext).level === AlertLevel.FATAL, false);
}

/** The result of `run`, or `fallback` when it throws a WireError; anything else is a bug and passes. */
export function orElse<T>(run: () => T, fallback: T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof WireError) return fallback;
    throw error;
  }
}
