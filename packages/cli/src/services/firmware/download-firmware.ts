import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../program/context.ts';
import { inProduct } from '../products/find-product.ts';
import { sizeText } from './update-text.ts';

const ZIP_BEGINNING = Buffer.from('PK\x03\x04');

interface Download {
  readonly product: string;
  readonly version: number;
  /** Where to; named for product and version when left out. */
  readonly to: string | undefined;
}

/** Saves the file of a version as it was uploaded. @throws Error with the code EEXIST rather than write over a file */
export async function downloadFirmware(
  { product, version, to }: Download,
  { cloud, out, cwd }: Pick<Context, 'cloud' | 'out' | 'cwd'>,
): Promise<void> {
  const path = `/v1/products/${encodeURIComponent(product)}/firmware/${version}/binary`;
  const content = await inProduct(product, cloud.download(path));
  const isBundle = ZIP_BEGINNING.equals(content.subarray(0, ZIP_BEGINNING.length));
  const safe = product.replace(/[^\w-]/g, '_');
  const file = to ?? `product-${safe}-v${version}.${isBundle ? 'zip' : 'bin'}`;
  await writeFile(resolve(cwd, file), content, { flag: 'wx' });
  out.result({ file, size: content.length }, `Saved ${file} (${sizeText(content.length)})`);
}
