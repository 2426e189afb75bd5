import { seconds } from '@cloudchamber/kernel';
import { decodeLegacyOtaReady, encodeLegacyOtaStart } from '@cloudchamber/wire';
import { askUpdater, checkAnswer } from './ask-updater.ts';
import type { TransferOptions } from './transfer.ts';

/** A device may have to erase its flash first. */
const TIMEOUT_MS = seconds(60);

/** POST /u and the device's readiness (protocol section 9.2). @returns whether it agreed to the fast mode @throws TransferError */
export async function startLegacy(options: TransferOptions, chunkSize: number, fast: boolean): Promise<boolean> {
  const start = { fast, chunkSize, fileSize: options.image.data.length };
  const build = (id: number, token: number): Uint8Array => encodeLegacyOtaStart({ id, token, ...start });
  const answer = await askUpdater(options, build, TIMEOUT_MS);
  checkAnswer(answer);
  return fast && decodeLegacyOtaReady(answer.payload).fast;
}
