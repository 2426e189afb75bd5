import { AlertDescription, AlertLevel, encodeAlert } from './alert.ts';
import { type FlightItem, FlightSender } from './flight-sender.ts';
import { FlightTimer } from './flight-timer.ts';
import type { HandshakeFailure, HandshakeOutput, HandshakeTimers } from './handshake-output.ts';
import { ContentType } from './record.ts';
import type { RecordSession } from './record-session.ts';

/** How often one flight may be sent again, whoever asks for it: bounds what a peer can draw from us. */
const MAX_RESENDS = 8;

/** What the peer is told about a failure, if anything (RFC 5246 section 7.2.2). */
const ALERTS: Readonly<Record<HandshakeFailure, number | undefined>> = {
  timed_out: undefined,
  refused_by_peer: undefined,
  unexpected_message: AlertDescription.UNEXPECTED_MESSAGE,
  malformed_message: AlertDescription.DECODE_ERROR,
  unsupported_certificate: AlertDescription.UNSUPPORTED_CERTIFICATE,
  bad_signature: AlertDescription.DECRYPT_ERROR,
  bad_key_share: AlertDescription.ILLEGAL_PARAMETER,
  bad_finished: AlertDescription.DECRYPT_ERROR,
  bad_parameters: AlertDescription.ILLEGAL_PARAMETER,
  bad_connection_id: AlertDescription.ILLEGAL_PARAMETER,
};

/** The sending half of a handshake: flights, their repetition, and the outputs that a call has gathered (RFC 6347 section 4.2.4). */
export class FlightExchange {
  readonly #sender: FlightSender;
  readonly #timer: FlightTimer;
  #outputs: HandshakeOutput[] = [];
  #resendsLeft = 0;
  #announced = Number.POSITIVE_INFINITY;

  /** @param firstSequence of the first record in epoch 0 */
  constructor(firstSequence: number, timers: HandshakeTimers) {
    this.#sender = new FlightSender(firstSequence);
    this.#timer = new FlightTimer(timers);
  }

  /** Sends a new flight, which the timer watches over until the next. */
  send(flight: readonly FlightItem[], now: number): void {
    this.#resendsLeft = MAX_RESENDS;
    this.#emit(this.#sender.send(flight));
    this.#timer.start(now);
  }

  /** The peer has repeated its flight, so ours got lost. */
  repeat(now: number): void {
    if (this.#resend()) this.#timer.resent(now);
  }

  /** Stops repeating by itself; giving up stays on time. */
  quiet(): void {
    this.#timer.quiet();
  }

  /** Repeats the flight when it is time. @returns whether it is time to give up */
  wake(now: number): boolean {
    this.#announced = Number.POSITIVE_INFINITY;
    const verdict = this.#timer.wake(now);
    if (verdict === 'resend' && !this.#resend()) this.#timer.quiet();
    return verdict === 'give_up';
  }

  established(session: RecordSession): void {
    this.#outputs.push({ kind: 'established', session });
  }

  /** Tells the peer, in the clear, and the driver. */
  fail(reason: HandshakeFailure): void {
    const description = ALERTS[reason];
    if (description !== undefined) {
      const plaintext = encodeAlert({ level: AlertLevel.FATAL, description });
      this.#emit(this.#sender.record({ type: ContentType.ALERT, plaintext }));
    }
    this.#outputs.push({ kind: 'failed', reason });
  }

  /** The outputs gathered since the last call, and the next wake while `waiting`. */
  flush(waiting: boolean): HandshakeOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    if (waiting && this.#timer.nextAt !== this.#announced) {
      this.#announced = this.#timer.nextAt;
      outputs.push({ kind: 'wake', at: this.#announced });
    }
    return outputs;
  }

  #resend(): boolean {
    if (this.#resendsLeft === 0) return false;
    this.#resendsLeft--;
    this.#emit(this.#sender.resend());
    return true;
  }

  #emit(datagram: Buffer): void {
    this.#outputs.push({ kind: 'send', datagram });
  }
}
