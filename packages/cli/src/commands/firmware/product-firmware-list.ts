import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag } from '../../program/parameters.ts';
import { scopeText } from '../../services/firmware/release-text.ts';
import { inProduct } from '../../services/products/find-product.ts';

export const productFirmwareList = defineCommand({
  name: 'product firmware list',
  summary: "List the versions of a product's firmware",
  args: { product: argument('id or slug', { complete: 'product' }) },
  options: { archived: flag('--archived', 'archived versions too') },
  examples: [{ line: 'product firmware list 12345', says: 'the newest version first' }],
  json: 'a list of versions, as the API has them',
  async run({ product, archived }, { cloud, out }) {
    const call = cloud.call('listProductFirmware', { params: { productIdOrSlug: product }, query: { archived } });
    const versions = await inProduct(product, call);
    const rows = versions.map((one) => [
      String(one.version),
      printable(one.title),
      scopeText({ isDefault: one.product_default, groups: one.groups }),
      String(one.device_count),
      `${one.uploaded_at}`.slice(0, 10),
      one.archived ? 'archived' : '',
    ]);
    const head = ['VERSION', 'TITLE', 'RELEASED TO', 'DEVICES', 'UPLOADED', ''];
    out.result(versions, rows.length === 0 ? `No firmware was uploaded to ${product}` : tableOf(head, rows));
  },
});
