import { defineCommand } from '../../program/define-command.ts';
import { argument, textOption, wholeNumber } from '../../program/parameters.ts';

export const productFirmwareDownload = defineCommand({
  name: 'product firmware download',
  summary: 'Save the file of a version as it was uploaded',
  args: { product: argument('id or slug', { complete: 'product' }), version: argument('a version of its firmware') },
  options: { to: textOption('--out <file>', 'product-<product>-v<version>.bin when left out', { complete: 'file' }) },
  examples: [{ line: 'product firmware download 12345 7 --out old.bin', says: 'never over a file that is there' }],
  json: '`{ file, size }`: bytes',
  async run({ product, version, to }, context) {
    const { downloadFirmware } = await import('../../services/firmware/download-firmware.ts');
    const number = wholeNumber(version, '<version>', { least: 1, most: 65_535 });
    return downloadFirmware({ product, version: number, to }, context);
  },
});
