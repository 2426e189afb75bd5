import { seconds, type Timer } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  CoapType,
  crc32,
  emptyAck,
  encodeLegacyOtaMissing,
  encodeLegacyOtaReady,
  encodeOtaFault,
  encodeResponse,
  type OtaFault,
} from '@cloudchamber/wire';
import type { DeliveryBuilder } from '../connection.ts';
import type { RequestOf } from '../requests/request-context.ts';
import { SlowIntake } from './slow-intake.ts';
import { isFault, typeOf, type UpdaterContext } from './updater-context.ts';

const MOST_CHUNKS = 65_535;
/** Missing chunks that one request lists. */
const MOST_LISTED = 40;
const LEAST_LISTED = 2;
/** The first boards with this protocol know the slow mode only. */
const CORE_PLATFORM = 0;

interface Update {
  readonly data: Buffer;
  readonly chunkSize: number;
  readonly fast: boolean;
  readonly missing: Set<number>;
  /** The chunk that the slow mode waits for. */
  next: number;
  receivedThisRound: number;
  readonly intake: SlowIntake | undefined;
}

/** The device's side of the old firmware update, slow and fast (protocol section 9.2). Nothing of it survives the connection. */
export class LegacyReceiver {
  readonly #context: UpdaterContext;
  #update: Update | undefined;
  /** In the slow mode, of a device that is slow itself. */
  #lateAnswer: Timer | undefined;

  constructor(context: UpdaterContext) {
    this.#context = context;
  }

  get active(): boolean {
    return this.#update !== undefined;
  }

  start(message: CoapMessage, request: RequestOf<'legacy-ota-start'>): void {
    const { connection, profile, rules, clock } = this.#context;
    this.stop();
    const refusal = rules.refusal();
    if (refusal !== undefined) return this.#fail(message, refusal);
    const { fileSize, chunkSize } = request;
    const chunks = chunkSize === 0 ? 0 : Math.ceil(fileSize / chunkSize);
    if (chunks === 0 || chunks >= MOST_CHUNKS || fileSize > profile.maxBinarySize) {
      return this.#acknowledge(message, CoapCode.SERVICE_UNAVAILABLE);
    }
    connection.acknowledge(message, emptyAck(message.id));
    const fast = request.fast && profile.platformId !== CORE_PLATFORM;
    const missing = new Set(Array.from({ length: chunks }, (_, index) => index));
    const { bytesPerSecond } = rules;
    const intake = bytesPerSecond === undefined ? undefined : new SlowIntake(bytesPerSecond, clock.monotonic());
    this.#update = { data: Buffer.alloc(fileSize), chunkSize, fast, missing, next: 0, receivedThisRound: 0, intake };
    const token = new Uint8Array(message.token);
    this.#say((id, confirmable) => encodeLegacyOtaReady({ id, token, fast, confirmable }));
  }

  chunk(message: CoapMessage, { crc, index, data }: RequestOf<'legacy-ota-chunk'>): void {
    const update = this.#update;
    if (index === undefined) this.#context.connection.acknowledge(message, emptyAck(message.id));
    if (update === undefined) return;
    const { rules, clock } = this.#context;
    if (index !== undefined && update.intake?.takes(data.length, clock.monotonic()) === false) return;
    const isSound = crc32(data) === crc;
    if (isSound) take(update, index ?? update.next, data);
    if (index !== undefined) return;
    const token = new Uint8Array(message.token);
    const code = isSound ? CoapCode.CHANGED : CoapCode.BAD_REQUEST;
    const answer = (): void =>
      this.#say((id, confirmable) => encodeResponse({ type: typeOf(confirmable), id, token, code }));
    if (rules.bytesPerSecond === undefined) return answer();
    this.#lateAnswer = clock.after(seconds(data.length) / rules.bytesPerSecond, answer);
  }

  finish(message: CoapMessage): void {
    const update = this.#update;
    // Nothing is missing when nothing was begun: so say devices that have restarted meanwhile.
    if (update === undefined) return this.#acknowledge(message, CoapCode.CHANGED);
    if (update.missing.size > 0) {
      this.#acknowledge(message, CoapCode.BAD_REQUEST);
      return this.#listMissing(update);
    }
    this.stop();
    const { store, check, apply } = this.#context;
    const checked = check(update.data);
    if (isFault(checked)) return this.#fail(message, checked);
    store.partial = undefined;
    this.#acknowledge(message, CoapCode.CHANGED);
    apply(checked);
  }

  stop(): void {
    this.#update = undefined;
    this.#lateAnswer?.cancel();
    this.#lateAnswer = undefined;
  }

  /** At most a fifth more than arrived in the last round: so the list grows as long as the link keeps up. */
  #listMissing(update: Update): void {
    const { missing, receivedThisRound } = update;
    const growth = Math.max(LEAST_LISTED, Math.floor(receivedThisRound * 0.2));
    const indices = [...missing].slice(0, Math.min(MOST_LISTED, receivedThisRound + growth));
    update.receivedThisRound = 0;
    this.#say((id, confirmable) => encodeLegacyOtaMissing({ id, indices, confirmable }));
  }

  #fail(message: CoapMessage, fault: OtaFault): void {
    const { code, payload } = encodeOtaFault(fault);
    this.#acknowledge(message, code, payload);
  }

  #acknowledge(message: CoapMessage, code: number, payload?: string): void {
    const { id, token } = message;
    const ack = encodeResponse({ type: CoapType.ACK, id, token, code, payload });
    this.#context.connection.acknowledge(message, ack);
  }

  #say(build: DeliveryBuilder): void {
    // A connection that ends takes the update along.
    this.#context.connection.deliver(build).catch(() => {});
  }
}

/** A chunk may be padded at the end of the file. */
function take(update: Update, index: number, data: Uint8Array): void {
  const at = index * update.chunkSize;
  const room = Math.min(update.chunkSize, update.data.length - at);
  update.receivedThisRound += 1;
  if (room <= 0 || data.length < room || !update.missing.delete(index)) return;
  update.data.set(data.subarray(0, room), at);
  update.next = index + 1;
}
