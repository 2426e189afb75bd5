import { HelloFlag } from '@cloudchamber/wire';
import type { HelloFacts } from '../ports.ts';
import type { Transfer, TransferOptions } from './transfer.ts';
import { TransferLegacyFast } from './transfer-legacy-fast.ts';
import { TransferLegacySlow } from './transfer-legacy-slow.ts';
import { TransferV3 } from './transfer-v3.ts';

/** Chunk of the old modes, in bytes. */
const LEGACY_CHUNK = 512;
/** Fits the message buffer of the oldest devices. */
const CORE_CHUNK = 256;
const CORE_PLATFORM = 0;

/** The mode that a device speaks, as its Hello says (protocol section 9). Whether it is the fast one of the old two, the device itself decides. */
export function chooseTransfer(hello: HelloFacts, options: TransferOptions): Transfer {
  if ((hello.flags & HelloFlag.OTA_V3) !== 0) return new TransferV3(options);
  if (hello.platformId === CORE_PLATFORM) return new TransferLegacySlow(options, CORE_CHUNK);
  return new TransferLegacyFast(options, LEGACY_CHUNK);
}
