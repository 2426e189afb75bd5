import { ContentType, RECORD_HEADER_LENGTH, writeRecordHeader } from './record.ts';
import type { RecordSession } from './record-session.ts';

/** One record's worth of a flight. */
export interface FlightItem {
  readonly type: number;
  readonly plaintext: Uint8Array;
  /** Sealed with it in epoch 1, or in the clear in epoch 0. */
  readonly session?: RecordSession;
}

/** The change_cipher_spec message (RFC 5246 section 7.1). */
export const CHANGE_CIPHER_SPEC: FlightItem = { type: ContentType.CHANGE_CIPHER_SPEC, plaintext: Uint8Array.of(1) };

const NO_CID = new Uint8Array(0);

/** Sends flights, each time in records with sequence numbers of their own (RFC 6347 section 4.2.4). */
export class FlightSender {
  #sequence: number;
  #flight: readonly FlightItem[] = [];

  /** @param sequence of the first record in epoch 0 */
  constructor(sequence: number) {
    this.#sequence = sequence;
  }

  /** The datagram of a new flight; all flights of this protocol fit in one. */
  send(flight: readonly FlightItem[]): Buffer {
    this.#flight = flight;
    return this.resend();
  }

  /** The last flight once more. */
  resend(): Buffer {
    return Buffer.concat(this.#flight.map((item) => this.record(item)));
  }

  /** One record outside any flight. */
  record({ type, plaintext, session }: FlightItem): Buffer {
    if (session !== undefined) return session.seal(type, plaintext);
    const out = Buffer.allocUnsafe(RECORD_HEADER_LENGTH + plaintext.length);
    writeRecordHeader(out, type, 0, this.#sequence++, NO_CID, plaintext.length);
    out.set(plaintext, RECORD_HEADER_LENGTH);
    return out;
  }
}
