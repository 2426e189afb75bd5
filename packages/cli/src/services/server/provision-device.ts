import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Output } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { publicKeyOf } from './public-key-of.ts';

interface Wanted {
  readonly deviceId: string;
  readonly file: string;
  /** E-mail of the account that is to own it; as it is when undefined. */
  readonly owner: string | undefined;
  readonly product: string | undefined;
  readonly name: string | undefined;
  readonly platformId: number | undefined;
}

type ImportReply = Output<'importDevices'>;

/**
 * Makes a device and its public key known, and adds it to a product. Takes an operator; for a product, somebody who may import devices there.
 * @returns the device as the cloud has it
 * @throws CliError for a file without a public key, and when the product does not take the device
 */
export async function provisionDevice(
  { cloud, cwd, out }: Pick<Context, 'cloud' | 'cwd' | 'out'>,
  { deviceId, file, owner, product, name, platformId }: Wanted,
): Promise<Output<'registerDevice'>> {
  const { pem, algorithm } = publicKeyOf(await readFile(resolve(cwd, file)), file);
  const device = await cloud.call('registerDevice', {
    body: {
      id: deviceId,
      public_key: pem,
      algorithm,
      ...(owner !== undefined && { owner }),
      ...(name !== undefined && { name }),
      ...(platformId !== undefined && { platform_id: platformId }),
    },
  });
  if (product === undefined) return device;
  const reply = await cloud.call('importDevices', {
    params: { productIdOrSlug: product },
    body: { id: deviceId },
  });
  const refused = refusedBy(reply);
  if (refused !== undefined) {
    out.note(`The device ${device.id} and its key are known to the cloud.`);
    throw new CliError('failure', `The product ${product} did not take the device: ${refused}`);
  }
  return device;
}

/** Why the one device of an import did not join; undefined when it is in the product. */
function refusedBy(reply: ImportReply): string | undefined {
  if (reply.updatedDeviceIds.length + reply.existingDeviceIds.length > 0) return undefined;
  if (reply.nonmemberDeviceIds.length > 0) return 'its owner is not in the team';
  if (reply.protectedDeviceIds.length > 0) return 'it is protected';
  return 'it is of other hardware, or in a product that you may not take it from (--platform says what hardware it is)';
}
