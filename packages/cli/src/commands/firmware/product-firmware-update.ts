import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, textOption } from '../../program/parameters.ts';
import { inProduct } from '../../services/products/find-product.ts';

export const productFirmwareUpdate = defineCommand({
  name: 'product firmware update',
  summary: 'Change title or description of a version, or archive it',
  args: { product: argument('id or slug', { complete: 'product' }), version: argument('a version of its firmware') },
  options: {
    title: textOption('--title <title>', 'no other version has it'),
    description: textOption('--description <text>', 'what is new in it'),
    archive: flag('--archive', 'leave it out of lists, and release it no more'),
    unarchive: flag('--unarchive', 'take it out of the archive'),
  },
  examples: [{ line: 'product firmware update 12345 7 --title "Valve timing"', says: 'another title' }],
  json: 'the version, as the API has it',
  async run({ product, version, title, description, archive, unarchive }, { cloud, out }) {
    if (archive && unarchive) throw usageError('--archive and --unarchive do not go together');
    const body = {
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...((archive || unarchive) && { archived: archive }),
    };
    if (Object.keys(body).length === 0) throw usageError('Say what to change: --title, --description, --archive');
    const params = { productIdOrSlug: product, version };
    const firmware = await inProduct(product, cloud.call('updateProductFirmware', { params, body }));
    out.result(firmware, `Changed version ${firmware.version}`);
  },
});
