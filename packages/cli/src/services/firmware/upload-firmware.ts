import { basename } from 'node:path';
import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { inProduct } from '../products/find-product.ts';
import { inspectFirmware } from './inspect-firmware.ts';
import { MOST_TO_SEND, readFirmwareFile } from './read-firmware-file.ts';

interface Upload {
  readonly product: string;
  readonly file: string;
  /** As compiled in with PRODUCT_VERSION; what the file says, when left out. */
  readonly version: number | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
}

/** Uploads a version of a product's firmware. @throws CliError of kind `usage` when neither the file nor the caller says which version it is */
export async function uploadFirmware(
  { product, file, version: given, title, description }: Upload,
  { cloud, out, cwd }: Pick<Context, 'cloud' | 'out' | 'cwd'>,
): Promise<void> {
  const content = await readFirmwareFile(file, cwd, MOST_TO_SEND);
  const version = given ?? versionIn(file, content);
  const body = new FormData();
  body.set('version', String(version));
  body.set('title', title ?? `Version ${version}`);
  if (description !== undefined) body.set('description', description);
  body.set('file', new Blob([Uint8Array.from(content)]), basename(file));
  const call = cloud.call('uploadProductFirmware', { params: { productIdOrSlug: product }, body });
  const firmware = await inProduct(product, call);
  out.result(firmware, `Uploaded ${basename(file)} as version ${firmware.version}; it is released to nobody yet`);
}

function versionIn(file: string, content: Uint8Array): number {
  const { modules } = inspectFirmware(basename(file), content);
  const application = modules.find((module) => module.function === 'application');
  if (application?.product_version != null) return application.product_version;
  throw usageError(`${basename(file)} says of no version of a product: pass --version`);
}
