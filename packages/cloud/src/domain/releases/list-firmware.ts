import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { ProductContext } from '../products/index.ts';
import { firmwareNotFound } from './firmware-errors.ts';
import { toVersion } from './firmware-fields.ts';
import type { FirmwareVersion, ListedFirmware } from './firmware-version.ts';
import { countRunning, findVersion, findVersions } from './firmware-version-store.ts';
import type { Releases } from './resolve-target.ts';
import { findReleases } from './target-store.ts';

/** The versions of the product's firmware, the newest first. @param withArchived false leaves out those that are archived */
export async function listFirmware(
  { store, product }: Pick<ProductContext, 'store' | 'product'>,
  withArchived: boolean,
): Promise<ListedFirmware[]> {
  const versions = await findVersions(store.db, product.id, withArchived);
  const releases = await findReleases(store.db, product.id);
  const running = await countRunning(store.db, product.id);
  return versions.map((version) => listed(version, releases, running));
}

/** @param version as the path has it. @throws DomainError `firmware.not_found` */
export async function getFirmware(
  { store, product }: Pick<ProductContext, 'store' | 'product'>,
  version: string | number,
): Promise<ListedFirmware> {
  const number = toVersion(version);
  const found = number === undefined ? undefined : await findVersion(store.db, product.id, number);
  if (found === undefined) throw firmwareNotFound(version);
  return withUse(store.db, found);
}

/** Which version each group of the product is released, by its name. */
export async function findGroupReleases({
  store,
  product,
}: Pick<ProductContext, 'store' | 'product'>): Promise<ReadonlyMap<string, number>> {
  const releases = await findReleases(store.db, product.id);
  return new Map([...releases].map(([name, { version }]) => [name, version]));
}

/** What the product does with a version. */
export async function withUse(db: Kysely<Tables>, version: FirmwareVersion): Promise<ListedFirmware> {
  const { productId } = version;
  return listed(version, await findReleases(db, productId), await countRunning(db, productId, version.version));
}

function listed(version: FirmwareVersion, releases: Releases, running: ReadonlyMap<number, number>): ListedFirmware {
  const names = [...releases].filter(([, release]) => release.version === version.version).map(([name]) => name);
  return {
    ...version,
    isDefault: names.includes(''),
    groups: names.filter((name) => name !== '').toSorted(),
    deviceCount: running.get(version.version) ?? 0,
  };
}
