import { minutes } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  emptyAck,
  encodeOtaChunkAck,
  encodeOtaFault,
  encodeOtaStartAnswer,
  encodeResponse,
  type ModuleImage,
  type OtaFault,
  OtaFaultCode,
  sha256,
} from '@cloudchamber/wire';
import { Alarm } from '../alarm.ts';
import type { DeliveryBuilder } from '../connection.ts';
import type { RequestOf } from '../requests/request-context.ts';
import type { PartialImage } from './firmware-store.ts';
import { SlowIntake } from './slow-intake.ts';
import { isFault, typeOf, type UpdaterContext } from './updater-context.ts';

const WINDOW_BYTES = 131_072;
const SMALLEST_CHUNK = 512;
const LARGEST_CHUNK = 1136;
const ACK_EVERY = 2;
const ACK_DELAY_MS = 200;
const INACTIVITY_MS = minutes(5);
const WORD_BITS = 32;

/** A transfer under way. Chunks count from 1 at `offset`. */
interface Update {
  readonly image: PartialImage;
  readonly fileSize: number;
  readonly chunkSize: number;
  readonly offset: number;
  readonly chunks: number;
  readonly window: number;
  readonly isVerifiable: boolean;
  readonly intake: SlowIntake | undefined;
  /** Chunks without a gap, and those beyond. */
  received: number;
  readonly beyond: Set<number>;
  unacknowledged: number;
  lastActiveAt: number;
  readonly stats: { recv_chunks: number; dup_chunks: number; ooo_chunks: number; sent_acks: number; proc_time: number };
}

/** The device's side of firmware update v3 (protocol section 9.1): window, bitmaps, delayed acknowledgements, and a part that is kept for later. */
export class V3Receiver {
  readonly #context: UpdaterContext;
  readonly #alarm: Alarm;
  #update: Update | undefined;

  constructor(context: UpdaterContext) {
    this.#context = context;
    this.#alarm = new Alarm(context.clock, () => this.#wake());
  }

  get active(): boolean {
    return this.#update !== undefined;
  }

  start(message: CoapMessage, request: RequestOf<'ota-start'>): void {
    const { connection, store, profile, rules } = this.#context;
    connection.acknowledge(message, emptyAck(message.id));
    this.stop();
    const refusal = rules.refusal();
    if (refusal !== undefined) return this.#refuse(message, refusal, false);
    const { fileSize, chunkSize } = request;
    if (fileSize === 0 || chunkSize < SMALLEST_CHUNK || chunkSize > LARGEST_CHUNK || chunkSize % 4 !== 0) {
      return this.#refuse(message, { code: OtaFaultCode.PROTOCOL, message: 'bad sizes' }, false);
    }
    if (fileSize > profile.maxBinarySize) {
      return this.#refuse(message, { code: OtaFaultCode.TOO_LARGE, message: 'the file is too large' }, false);
    }
    const image = this.#imageFor(request);
    store.partial = image.sha256 === '' ? undefined : image;
    const offset = image.received;
    const window = Math.floor(WINDOW_BYTES / chunkSize);
    const now = this.#now();
    this.#update = {
      image,
      fileSize,
      chunkSize,
      offset,
      chunks: Math.ceil((fileSize - offset) / chunkSize),
      window,
      isVerifiable: image.sha256 !== '',
      intake: rules.bytesPerSecond === undefined ? undefined : new SlowIntake(rules.bytesPerSecond, now),
      received: 0,
      beyond: new Set(),
      unacknowledged: 0,
      lastActiveAt: now,
      stats: { recv_chunks: 0, dup_chunks: 0, ooo_chunks: 0, sent_acks: 0, proc_time: 0 },
    };
    const token = new Uint8Array(message.token);
    void this.#say((id, confirmable) => encodeOtaStartAnswer({ id, token, windowSize: window, offset, confirmable }));
    this.#alarm.set(now + INACTIVITY_MS);
  }

  chunk(message: CoapMessage, { index, data }: RequestOf<'ota-chunk'>): void {
    const update = this.#update;
    if (update === undefined) return this.#context.connection.reset(message);
    const wanted = Math.min(update.chunkSize, update.fileSize - update.offset - (index - 1) * update.chunkSize);
    if (index > update.chunks || data.length !== wanted) {
      this.#context.connection.reset(message);
      this.stop();
      return this.#context.connection.end('update_failed');
    }
    const now = this.#now();
    const isLate = now - update.lastActiveAt >= ACK_DELAY_MS;
    const isOld = index <= update.received || update.beyond.has(index);
    const isOutside = index > update.received + update.window;
    if (!isOld && !isOutside && update.intake?.takes(data.length, now) === false) return;
    if (isOld) update.stats.dup_chunks += 1;
    else if (!isOutside) this.#take(update, index, data);
    update.lastActiveAt = now;
    update.unacknowledged += 1;
    update.stats.recv_chunks += 1;
    const isLast = update.received === update.chunks;
    const isDue = isLate || update.unacknowledged >= ACK_EVERY;
    if (isOld || isOutside || isDue || isLast || update.beyond.size > 0) return this.#acknowledge(update);
    this.#alarm.set(now + ACK_DELAY_MS);
  }

  finish(message: CoapMessage, request: RequestOf<'ota-finish'>): void {
    const { connection, store } = this.#context;
    const update = this.#update;
    connection.acknowledge(message, emptyAck(message.id));
    if (update === undefined) {
      return this.#refuse(message, { code: OtaFaultCode.INVALID_STATE, message: 'no update is under way' }, false);
    }
    if (request.cancel) {
      this.stop();
      if (request.discardData) store.partial = undefined;
      return this.#succeed(message, update, []);
    }
    if (update.received < update.chunks) {
      return this.#refuse(message, { code: OtaFaultCode.PROTOCOL, message: 'chunks are missing' }, true);
    }
    const checked = this.#check(update);
    if (isFault(checked)) {
      store.partial = undefined;
      return this.#refuse(message, checked, true);
    }
    // It is kept until it is applied: the answer may get lost.
    this.stop();
    this.#succeed(message, update, checked);
  }

  /** The update is over; what has arrived is kept for the next one. */
  stop(): void {
    this.#alarm.cancel();
    this.#update = undefined;
  }

  #imageFor({ fileSize, sha256: hash, discardData }: RequestOf<'ota-start'>): PartialImage {
    const { partial } = this.#context.store;
    const name = hash === undefined ? '' : Buffer.from(hash).toString('hex');
    if (!discardData && partial?.sha256 === name && partial.data.length === fileSize) return partial;
    return { sha256: name, data: Buffer.alloc(fileSize), received: 0 };
  }

  #take(update: Update, index: number, data: Uint8Array): void {
    const { image } = update;
    image.data.set(data, update.offset + (index - 1) * update.chunkSize);
    update.beyond.add(index);
    if (index !== update.received + 1) update.stats.ooo_chunks += 1;
    while (update.beyond.delete(update.received + 1)) update.received += 1;
    image.received = Math.min(update.fileSize, update.offset + update.received * update.chunkSize);
  }

  #acknowledge(update: Update): void {
    const { received } = update;
    update.unacknowledged = 0;
    update.stats.sent_acks += 1;
    const bitmap = bitmapOf(received, update.beyond);
    this.#context.connection.nonConfirmable((id) => encodeOtaChunkAck({ id, received, bitmap }));
  }

  #check({ image, offset, isVerifiable }: Update): readonly ModuleImage[] | OtaFault {
    if (isVerifiable && sha256(image.data).toString('hex') !== image.sha256) {
      const code = offset > 0 ? OtaFaultCode.RESUMED_UPDATE_FAILED : OtaFaultCode.INTEGRITY_CHECK_FAILED;
      return { code, message: 'the SHA-256 of the file is wrong' };
    }
    return this.#context.check(image.data);
  }

  /** The ACK of the answer is what applies the update. */
  #succeed(message: CoapMessage, { stats }: Update, images: readonly ModuleImage[]): void {
    const token = new Uint8Array(message.token);
    const payload = JSON.stringify(stats);
    const answered = this.#say((id, confirmable) =>
      encodeResponse({ type: typeOf(confirmable), id, token, code: CoapCode.CHANGED, payload }),
    );
    if (images.length > 0) void answered.then((isAcknowledged) => isAcknowledged && this.#context.apply(images));
  }

  /** @param fatal whether the ACK of the answer ends update and connection */
  #refuse(message: CoapMessage, fault: OtaFault, fatal: boolean): void {
    const token = new Uint8Array(message.token);
    const answered = this.#say((id, confirmable) =>
      encodeResponse({ type: typeOf(confirmable), id, token, ...encodeOtaFault(fault) }),
    );
    if (!fatal) return;
    void answered.then((isAcknowledged) => {
      this.stop();
      if (isAcknowledged) this.#context.connection.end('update_failed');
    });
  }

  /** Sends a response by itself. @returns whether it was acknowledged */
  async #say(build: DeliveryBuilder): Promise<boolean> {
    try {
      await this.#context.connection.deliver(build);
      return true;
    } catch {
      return false;
    }
  }

  #wake(): void {
    const update = this.#update;
    if (update === undefined || this.#context.connection.over) return;
    const now = this.#now();
    if (now - update.lastActiveAt >= INACTIVITY_MS) return this.stop();
    if (update.unacknowledged > 0) this.#acknowledge(update);
    this.#alarm.set(update.lastActiveAt + INACTIVITY_MS);
  }

  #now(): number {
    return this.#context.clock.monotonic();
  }
}

/** Little-endian words; bit 0 of the first stands for chunk `received` + 1. Trailing zero words are left away. */
function bitmapOf(received: number, beyond: ReadonlySet<number>): Uint8Array {
  const last = Math.max(received, ...beyond);
  const bitmap = Buffer.alloc(Math.ceil((last - received) / WORD_BITS) * 4);
  for (const index of beyond) {
    const bit = index - received - 1;
    bitmap[bit >> 3] = (bitmap[bit >> 3] as number) | (1 << (bit & 7));
  }
  return bitmap;
}
