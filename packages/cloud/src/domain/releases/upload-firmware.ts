import type { Bus } from '../../bus/index.ts';
import { subjectIdOf } from '../accounts/index.ts';
import type { TokenActor } from '../context.ts';
import { holdProduct } from '../devices/index.ts';
import type { FirmwareBlobs, UploadedFile } from '../firmware/index.ts';
import type { ProductContext } from '../products/index.ts';
import { announceFirmware } from './announce-firmware.ts';
import { alreadyUploaded, invalidFirmware, titleTaken, tooManyVersions } from './firmware-errors.ts';
import { fileNameOf, parseDescription, parseTitle, parseVersion } from './firmware-fields.ts';
import { firmwareVersions } from './firmware-topic.ts';
import { type ListedFirmware, MAX_VERSIONS, NO_VERSION } from './firmware-version.ts';
import { countRunning, countVersions, findTitle, findVersion, insertVersion } from './firmware-version-store.ts';
import { withUse } from './list-firmware.ts';
import { type ProductFirmwareFile, readProductFirmware } from './read-product-firmware.ts';

export interface UploadFirmwareInput {
  /** One .bin file or one .zip bundle. */
  readonly files: readonly UploadedFile[];
  /** As the form has it. */
  readonly version: string | number | undefined;
  readonly title: string | undefined;
  readonly description?: string | undefined;
  readonly mandatory?: boolean | undefined;
}

const ID_BYTES = 12;

/**
 * Adds a version to the product's firmware (OTA-03 to OTA-05, OTA-24). Nobody gets it before it is released or somebody is locked to it. Tells streams by
 * `particle/firmware/create`.
 * @throws DomainError `firmware.invalid` for fields that cannot be or contradict the file; `device.bad_firmware` for a file that cannot be this product's;
 *   `firmware.already_uploaded`, `firmware.title_taken`, `firmware.too_many`
 */
export async function uploadFirmware(
  ctx: ProductContext,
  { bus, blobs }: { readonly bus: Bus; readonly blobs: FirmwareBlobs },
  input: UploadFirmwareInput,
): Promise<ListedFirmware> {
  const { product, store, clock } = ctx;
  const file = readProductFirmware(product, input.files);
  const version = parseVersion(input.version);
  checkVersion(version, file);
  const title = parseTitle(input.title);
  const description = parseDescription(input.description ?? '');
  if ((await findVersion(store.db, product.id, version)) !== undefined) throw alreadyUploaded(version);
  const fileHash = await blobs.put(file.content);
  const at = clock.now();
  const uploaded = await store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    if ((await findVersion(db, product.id, version)) !== undefined) throw alreadyUploaded(version);
    const namesake = await findTitle(db, product.id, title);
    if (namesake !== undefined) throw titleTaken(title, namesake);
    if ((await countVersions(db, product.id)) >= MAX_VERSIONS) throw tooManyVersions();
    const running = (await countRunning(db, product.id, version)).get(version) ?? 0;
    const made = await insertVersion(db, {
      id: ctx.entropy.bytes(ID_BYTES).toString('hex'),
      product_id: product.id,
      version,
      title,
      description,
      mandatory: input.mandatory ? 1 : 0,
      size: file.content.length,
      file_name: fileNameOf(file.name),
      file_hash: fileHash,
      kind: file.kind,
      application_hash: file.applicationHash,
      uploaded_by: subjectIdOf(ctx.actor),
      uploader_name: nameOf(ctx.actor),
      uploaded_at: at,
      updated_at: at,
      archived_at: null,
      first_run_at: running > 0 ? at : null,
      first_released_at: null,
    });
    return withUse(db, made);
  });
  bus.publish(firmwareVersions, { productId: product.id, version });
  await announceFirmware(ctx, bus, product.id, {
    name: 'particle/firmware/create',
    data: { version: String(version) },
  });
  ctx.log.info({ product: product.id, version }, 'firmware uploaded');
  return uploaded;
}

function checkVersion(version: number, file: ProductFirmwareFile): void {
  if (file.version === version) return;
  const compiled =
    file.version === NO_VERSION
      ? `the firmware has no product version: compile it with PRODUCT_VERSION(${version})`
      : `the firmware is compiled as version ${file.version}`;
  throw invalidFirmware(`version is ${version}, and ${compiled}`);
}

function nameOf(actor: TokenActor): string {
  return actor.kind === 'product' ? actor.clientId : actor.username;
}
