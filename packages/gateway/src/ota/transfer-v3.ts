import { seconds } from '@cloudchamber/kernel';
import {
  decodeOtaStartAnswer,
  encodeOtaChunk,
  encodeOtaFinish,
  encodeOtaStart,
  ModuleFunction,
  type OtaChunkAckFields,
  OtaFaultCode,
  sha256,
  WireError,
} from '@cloudchamber/wire';
import { askUpdater, checkAnswer } from './ask-updater.ts';
import { ChunkWindow } from './chunk-window.ts';
import { type Transfer, TransferError, type TransferOptions } from './transfer.ts';

/** A device may have to erase its flash first, and to check the whole image at the end. */
const START_TIMEOUT_MS = seconds(60);
const FINISH_TIMEOUT_MS = seconds(120);
/** Without an acknowledgement for this long the transfer is over; the device would wait 300 s (protocol section 9.1). */
const SILENCE_MS = seconds(60);
/** What a device takes, in bytes; a multiple of 4 (protocol section 9.1). */
const SMALLEST_CHUNK = 512;
const LARGEST_CHUNK = 1136;

/** Firmware update v3: windows, bitmaps, and going on where an earlier connection ended (protocol section 9.1). */
export class TransferV3 implements Transfer {
  readonly #options: TransferOptions;
  readonly #chunkSize: number;
  readonly #allThere = Promise.withResolvers<void>();
  #window: ChunkWindow | undefined;
  #offset = 0;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#chunkSize = chunkSizeFor(options.session.hello?.otaChunkSize);
    this.#allThere.promise.catch(() => {});
  }

  async run(): Promise<void> {
    const isResumed = await this.#send(false);
    try {
      await this.#finish();
    } catch (error) {
      if (!isResumed || !isSpoiled(error)) throw error;
      // What the device had kept does not fit the rest: everything anew.
      await this.#send(true);
      await this.#finish();
    }
  }

  tick(now: number): void {
    const window = this.#window;
    if (window === undefined) return;
    if (now - window.lastHeardAt > SILENCE_MS) {
      this.#window = undefined;
      this.#allThere.reject(new TransferError('interrupted', 'the device stopped acknowledging chunks'));
      return;
    }
    window.tick(now);
  }

  acknowledge(ack: OtaChunkAckFields, now: number): void {
    const window = this.#window;
    if (window === undefined) return;
    window.acknowledge(ack.received, ack.bitmap, now);
    this.#options.progress(Math.min(this.#size, this.#offset + window.received * this.#chunkSize));
    if (!window.done) return;
    this.#window = undefined;
    this.#allThere.resolve();
  }

  get #size(): number {
    return this.#options.image.data.length;
  }

  /** Starts, and sends what the device doesn't have yet. @returns whether it had a part already */
  async #send(discardData: boolean): Promise<boolean> {
    this.#offset = await this.#start(discardData);
    this.#options.begun();
    this.#options.progress(this.#offset);
    if (this.#offset < this.#size) await Promise.race([this.#allThere.promise, this.#options.interrupted]);
    return this.#offset > 0;
  }

  async #start(discardData: boolean): Promise<number> {
    const { image, session } = this.#options;
    const moduleFunction = image.moduleFunction === ModuleFunction.ASSET ? image.moduleFunction : undefined;
    const start = {
      fileSize: this.#size,
      chunkSize: this.#chunkSize,
      sha256: sha256(image.data),
      discardData,
      moduleFunction,
    };
    const build = (id: number, token: number): Uint8Array => encodeOtaStart({ id, token, ...start });
    const answer = await askUpdater(this.#options, build, START_TIMEOUT_MS);
    checkAnswer(answer);
    const { windowSize, offset } = readAnswer(() => decodeOtaStartAnswer(answer));
    if (windowSize === 0 || offset > this.#size) {
      throw new TransferError('refused', `the device has ${offset} bytes and takes ${windowSize} chunks`);
    }
    const chunks = Math.ceil((this.#size - offset) / this.#chunkSize);
    const now = session.environment.clock.monotonic();
    const send = (index: number): void => this.#sendChunk(offset, index);
    this.#window = chunks === 0 ? undefined : new ChunkWindow({ chunks, window: windowSize, send }, now);
    this.#window?.start(now);
    return offset;
  }

  #sendChunk(offset: number, index: number): void {
    const { image, session } = this.#options;
    const at = offset + (index - 1) * this.#chunkSize;
    const data = image.data.subarray(at, at + this.#chunkSize);
    session.outgoing.tell((id) => encodeOtaChunk({ id, index, data }));
  }

  async #finish(): Promise<void> {
    this.#options.finishing();
    const build = (id: number, token: number): Uint8Array => encodeOtaFinish({ id, token });
    checkAnswer(await askUpdater(this.#options, build, FINISH_TIMEOUT_MS));
  }
}

function chunkSizeFor(wanted = SMALLEST_CHUNK): number {
  const size = wanted - (wanted % 4);
  return Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, size));
}

function isSpoiled(error: unknown): boolean {
  const code = error instanceof TransferError ? error.fault?.code : undefined;
  return code === OtaFaultCode.RESUMED_UPDATE_FAILED || code === OtaFaultCode.INTEGRITY_CHECK_FAILED;
}

function readAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new TransferError('refused', error.message);
    throw error;
  }
}
