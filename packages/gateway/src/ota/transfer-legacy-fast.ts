import { seconds } from '@cloudchamber/kernel';
import { CoapCode, crc32, encodeLegacyOtaChunk, encodeLegacyOtaFinish } from '@cloudchamber/wire';
import { askUpdater, checkAnswer } from './ask-updater.ts';
import { startLegacy } from './start-legacy.ts';
import { type Transfer, TransferError, type TransferOptions } from './transfer.ts';
import { TransferLegacySlow } from './transfer-legacy-slow.ts';

const FINISH_TIMEOUT_MS = seconds(120);
/** How long to wait for the list of missing chunks before the device is asked once more. */
const LIST_TIMEOUT_MS = seconds(15);
/** Chunks at each tick of the gateway: nobody acknowledges them, so this is all that keeps them from drowning a slow link. */
const FIRST_RATE = 10;
const LOWEST_RATE = 3;
const HIGHEST_RATE = 20;
/** A round in which more than one chunk of five was lost was too fast. */
const TOLERABLE_LOSS = 0.2;
/** Rounds without a chunk that arrived. */
const MOST_FRUITLESS = 8;

/** The old firmware update, fast: chunks without answers, then the missing ones as the device asks for them (protocol section 9.2). */
export class TransferLegacyFast implements Transfer {
  readonly #options: TransferOptions;
  readonly #chunkSize: number;
  readonly #queue: number[] = [];
  #sent: PromiseWithResolvers<void> | undefined;
  #rate = FIRST_RATE;
  #missing: readonly number[] | undefined;
  #listed: PromiseWithResolvers<void> | undefined;
  #listDueAt = Number.POSITIVE_INFINITY;

  constructor(options: TransferOptions, chunkSize: number) {
    this.#options = options;
    this.#chunkSize = chunkSize;
  }

  async run(): Promise<void> {
    if (!(await startLegacy(this.#options, this.#chunkSize, true))) {
      return new TransferLegacySlow(this.#options, this.#chunkSize).sendChunks();
    }
    this.#options.begun();
    const count = Math.ceil(this.#options.image.data.length / this.#chunkSize);
    let wanted: readonly number[] = Array.from({ length: count }, (_, index) => index);
    for (let fruitless = 0; fruitless < MOST_FRUITLESS; fruitless++) {
      await this.#sendRound(wanted);
      if (await this.#finish()) return;
      const missing = await this.#nextList(count);
      if (this.#learn(wanted, missing)) fruitless = -1;
      wanted = missing;
    }
    throw new TransferError('interrupted', 'the device gets no further');
  }

  tick(now: number): void {
    for (const index of this.#queue.splice(0, this.#rate)) this.#sendChunk(index);
    if (this.#queue.length === 0) this.#sent?.resolve();
    if (now >= this.#listDueAt) this.#listed?.resolve();
  }

  missing(indices: readonly number[]): void {
    this.#missing = indices;
    this.#listed?.resolve();
  }

  /** At least one tick passes before it resolves, so that the last chunk is ahead of the question. */
  async #sendRound(indices: readonly number[]): Promise<void> {
    this.#missing = undefined;
    this.#queue.push(...indices);
    this.#sent = Promise.withResolvers();
    await Promise.race([this.#sent.promise, this.#options.interrupted]);
  }

  #sendChunk(index: number): void {
    const { image, session } = this.#options;
    const data = image.data.subarray(index * this.#chunkSize, (index + 1) * this.#chunkSize);
    const chunk = { crc: crc32(data), index, data };
    session.outgoing.tell((id, token) => encodeLegacyOtaChunk({ id, token, ...chunk }));
  }

  /** @returns whether the device has everything and found it good */
  async #finish(): Promise<boolean> {
    this.#options.finishing();
    const build = (id: number, token: number): Uint8Array => encodeLegacyOtaFinish({ id, token });
    const answer = await askUpdater(this.#options, build, FINISH_TIMEOUT_MS);
    if (answer.code === CoapCode.BAD_REQUEST) return false;
    checkAnswer(answer);
    return true;
  }

  /** What the device misses, as it says by itself after a finish; empty when it doesn't. */
  async #nextList(count: number): Promise<readonly number[]> {
    if (this.#missing === undefined) {
      this.#listed = Promise.withResolvers();
      this.#listDueAt = this.#options.session.environment.clock.monotonic() + LIST_TIMEOUT_MS;
      await Promise.race([this.#listed.promise, this.#options.interrupted]);
      this.#listDueAt = Number.POSITIVE_INFINITY;
    }
    return this.#missing?.filter((index) => index < count) ?? [];
  }

  /** Paces the next round by what became of the last one, as far as the list reaches: it is short. @returns whether anything has arrived */
  #learn(sent: readonly number[], missing: readonly number[]): boolean {
    const last = missing.at(-1);
    if (last === undefined) return false;
    const isMissing = new Set(missing);
    const judged = sent.filter((index) => index <= last);
    const lost = judged.filter((index) => isMissing.has(index)).length;
    const isTooFast = lost > judged.length * TOLERABLE_LOSS;
    this.#rate = isTooFast ? Math.max(LOWEST_RATE, this.#rate >> 1) : Math.min(HIGHEST_RATE, this.#rate + 2);
    this.#options.progress(Math.min((missing[0] ?? 0) * this.#chunkSize, this.#options.image.data.length));
    return sent.length > lost;
  }
}
