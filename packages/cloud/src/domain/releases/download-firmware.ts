import { DomainError } from '../domain-error.ts';
import type { FirmwareBlobs } from '../firmware/index.ts';
import type { ProductContext } from '../products/index.ts';
import type { FirmwareVersion } from './firmware-version.ts';
import { getFirmware } from './list-firmware.ts';

/** A file as it was uploaded. */
export interface FirmwareDownload {
  readonly firmware: FirmwareVersion;
  readonly content: Uint8Array;
}

/** @param version as the path has it. @throws DomainError `firmware.not_found`; `firmware.gone` when the store has lost its bytes */
export async function downloadFirmware(
  ctx: ProductContext,
  blobs: Pick<FirmwareBlobs, 'get'>,
  version: string,
): Promise<FirmwareDownload> {
  const firmware = await getFirmware(ctx, version);
  const content = await blobs.get(firmware.fileHash);
  if (content !== undefined) return { firmware, content };
  throw new DomainError('not_found', 'firmware.gone', `The file of version ${firmware.version} is gone`);
}
