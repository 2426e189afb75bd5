import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { inProduct } from '../products/find-product.ts';
import { impactText, lostText, type Scope, scopeText } from './release-text.ts';

interface Release extends Scope {
  readonly product: string;
  readonly version: number;
  /** Takes its release back. */
  readonly withdraw: boolean;
  /** Devices that are online don't wait for their next handshake. */
  readonly now: boolean;
}

/** Shows what a release changes, asks, and releases. @throws CliError of kind `usage` when it does not say to whom; `failure` for a no */
export async function releaseFirmware(
  { product, version, isDefault, groups, withdraw, now }: Release,
  { cloud, out, ask }: Pick<Context, 'cloud' | 'out' | 'ask'>,
): Promise<void> {
  const scope: Scope = { isDefault, groups };
  const isNobody = !isDefault && groups.length === 0;
  if (isNobody !== withdraw) {
    throw usageError(
      withdraw ? '--withdraw goes without --default and --group' : 'Say to whom: --default, --group <name>, or both',
      withdraw ? undefined : '--withdraw takes the release of a version back.',
    );
  }
  const params = { productIdOrSlug: product };
  const query = {
    firmware_version: version,
    product_default: isDefault,
    ...(groups.length > 0 && { groups: groups.join(',') }),
  };
  const firmware = await inProduct(
    product,
    cloud.call('getProductFirmware', { params: { ...params, version: String(version) } }),
  );
  const { devices } = await cloud.call('getReleaseImpact', { params, query });
  const impact = devices.firmware_update;
  out.note(`Version ${version} (${printable(firmware.title)}) to ${scopeText(scope)}`);
  const lost = lostText(firmware, scope);
  if (lost !== undefined) out.note(lost);
  out.note(`${impactText(impact)}${now ? ', those that are online at once' : ' at the next handshake'}`);
  const question = withdraw
    ? `Take the release of version ${version} back?`
    : `Release version ${version} to ${scopeText(scope)}?`;
  if (!(await ask.confirm(question))) throw new CliError('failure', 'Nothing was released');
  const body = { version, product_default: isDefault, groups: [...groups], intelligent: now };
  const released = await cloud.call('releaseProductFirmware', { params, body });
  out.result(
    { ...released, impact },
    withdraw ? `Version ${version} is released to nobody` : `Released version ${version} to ${scopeText(scope)}`,
  );
}
