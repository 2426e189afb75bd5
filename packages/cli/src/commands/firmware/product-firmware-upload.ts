import { defineCommand } from '../../program/define-command.ts';
import { argument, numberOption, textOption } from '../../program/parameters.ts';

export const productFirmwareUpload = defineCommand({
  name: 'product firmware upload',
  summary: "Upload a version of a product's firmware",
  details: 'No device gets it before it is released.',
  args: {
    product: argument('id or slug', { complete: 'product' }),
    file: argument('a .bin file, or a .zip bundle with assets', { complete: 'file' }),
  },
  options: {
    version: numberOption('--version <version>', 'as compiled in; read from the file when left out', {
      least: 1,
      most: 65_535,
    }),
    title: textOption('--title <title>', '"Version <version>" when left out'),
    description: textOption('--description <text>', 'what is new in it'),
  },
  examples: [{ line: 'product firmware upload 12345 firmware.bin --title "Valve timing"', says: 'a new version' }],
  json: 'the version, as the API has it',
  async run(input, context) {
    const { uploadFirmware } = await import('../../services/firmware/upload-firmware.ts');
    return uploadFirmware(input, context);
  },
});
