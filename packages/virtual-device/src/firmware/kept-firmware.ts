import { ByteReader, BytesError, ByteWriter } from '@cloudchamber/kernel';
import {
  type DeviceAsset,
  decodeSystemDescribe,
  encodeSystemDescribe,
  type FirmwareModule,
  WireError,
} from '@cloudchamber/wire';

/** What a device knows of the firmware that came over the air; the images themselves are not needed any more. */
export interface KeptFirmware {
  /** An update was applied, and the cloud does not know yet. */
  readonly updated: boolean;
  readonly product: { readonly id: number; readonly version: number } | undefined;
  readonly modules: readonly FirmwareModule[];
  readonly assets: readonly DeviceAsset[];
}

const VERSION = 1;
const HEADER_BYTES = 7;

export function encodeFirmware({ updated, product, modules, assets }: KeptFirmware): Buffer {
  const writer = new ByteWriter(HEADER_BYTES).u8(VERSION).u8(updated ? 1 : 0);
  writer
    .u8(product === undefined ? 0 : 1)
    .u16(product?.id ?? 0)
    .u16(product?.version ?? 0);
  return Buffer.concat([writer.finish(), encodeSystemDescribe({ modules, assets, protectedState: false })]);
}

/** What was kept, or undefined when it is of another form. */
export function decodeFirmware(bytes: Uint8Array): KeptFirmware | undefined {
  try {
    const reader = new ByteReader(bytes);
    if (reader.u8() !== VERSION) return undefined;
    const updated = reader.u8() === 1;
    const hasProduct = reader.u8() === 1;
    const product = { id: reader.u16(), version: reader.u16() };
    const { modules, assets } = decodeSystemDescribe(bytes.subarray(HEADER_BYTES));
    return { updated, product: hasProduct ? product : undefined, modules, assets };
  } catch (error) {
    if (error instanceof BytesError || error instanceof WireError) return undefined;
    throw error;
  }
}
