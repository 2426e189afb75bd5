import { defineTopic } from '../../bus/index.ts';

/** A version of a product's firmware came or went; told after the commit. Its number may come again with another file. */
interface FirmwareVersionChanged {
  readonly productId: number;
  readonly version: number;
}

export const firmwareVersions = defineTopic<FirmwareVersionChanged>('firmware-versions');
