import { seconds } from '@cloudchamber/kernel';
import { CoapCode, crc32, encodeLegacyOtaChunk, encodeLegacyOtaFinish } from '@cloudchamber/wire';
import { askUpdater, checkAnswer } from './ask-updater.ts';
import { startLegacy } from './start-legacy.ts';
import { type Transfer, TransferError, type TransferOptions } from './transfer.ts';

const CHUNK_TIMEOUT_MS = seconds(90);
const FINISH_TIMEOUT_MS = seconds(120);
/** Times that a chunk may arrive damaged. */
const MOST_DAMAGED = 5;

/** The old firmware update, slow: each chunk waits for the answer to the one before (protocol section 9.2). For devices that know no other. */
export class TransferLegacySlow implements Transfer {
  readonly #options: TransferOptions;
  readonly #chunkSize: number;

  constructor(options: TransferOptions, chunkSize: number) {
    this.#options = options;
    this.#chunkSize = chunkSize;
  }

  async run(): Promise<void> {
    await startLegacy(this.#options, this.#chunkSize, false);
    await this.sendChunks();
  }

  /** Everything after the start. */
  async sendChunks(): Promise<void> {
    const { image, begun, progress, finishing } = this.#options;
    begun();
    for (let at = 0; at < image.data.length; at += this.#chunkSize) {
      const data = image.data.subarray(at, at + this.#chunkSize);
      await this.#sendChunk(data);
      progress(at + data.length);
    }
    finishing();
    const build = (id: number, token: number): Uint8Array => encodeLegacyOtaFinish({ id, token });
    checkAnswer(await askUpdater(this.#options, build, FINISH_TIMEOUT_MS));
  }

  tick(): void {}

  async #sendChunk(data: Uint8Array): Promise<void> {
    const chunk = { crc: crc32(data), data };
    const build = (id: number, token: number): Uint8Array => encodeLegacyOtaChunk({ id, token, ...chunk });
    for (let damaged = 0; damaged < MOST_DAMAGED; damaged++) {
      const answer = await askUpdater(this.#options, build, CHUNK_TIMEOUT_MS);
      if (answer.code !== CoapCode.BAD_REQUEST) return checkAnswer(answer);
    }
    throw new TransferError('refused', 'the device finds a chunk damaged every time');
  }
}
