import type { Output as Reply } from '@cloudchamber/contract/client';
import { ApiError } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError } from '../../failure/cli-error.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { inProduct } from './find-product.ts';
import { isDeviceId } from './find-product-device.ts';

/** The cloud takes no more at once. */
const MOST_AT_ONCE = 10_000;

/** What became of each device; ids where the cloud knows them. */
export interface AddedDevices {
  readonly added: readonly string[];
  /** In the product already. */
  readonly existing: readonly string[];
  readonly invalid: readonly string[];
  readonly nonmember: readonly string[];
  readonly protected: readonly string[];
}

interface AddOptions {
  /** Ids, serial numbers, IMEIs or ICCIDs; each once. */
  readonly ids: readonly string[];
  /** E-mail of somebody in the team, who gets those that nobody owns. */
  readonly claimFor?: string | undefined;
}

/**
 * Makes devices members of a product, 10,000 at a time (CLI-79). Those that cannot be are told of, and keep no other back.
 * @param product id or slug @throws CliError of kind `not-found` for an unknown product
 */
export async function addProductDevices(
  { cloud, out }: { readonly cloud: Pick<Cloud, 'call'>; readonly out: Pick<Output, 'bar'> },
  product: string,
  { ids, claimFor }: AddOptions,
): Promise<AddedDevices> {
  const replies: Reply<'importDevices'>[] = [];
  const bar = ids.length > MOST_AT_ONCE ? out.bar('Adding devices', ids.length) : undefined;
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const body = { ids: ids.slice(at, at + MOST_AT_ONCE), ...(claimFor !== undefined && { claim_user: claimFor }) };
    replies.push(await inProduct(product, cloud.call('importDevices', { params: { productIdOrSlug: product }, body })));
    bar?.update(Math.min(ids.length, at + MOST_AT_ONCE));
  }
  bar?.end();
  return {
    added: replies.flatMap((reply) => reply.updatedDeviceIds),
    existing: replies.flatMap((reply) => reply.existingDeviceIds),
    invalid: replies.flatMap((reply) => reply.invalidDeviceIds),
    nonmember: replies.flatMap((reply) => reply.nonmemberDeviceIds),
    protected: replies.flatMap((reply) => reply.protectedDeviceIds),
  };
}

/** Words as an import takes them: the name of an own device becomes its id, anything else stays. */
export async function ownDeviceIds(cloud: Pick<Cloud, 'call'>, words: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const word of words) ids.push(isDeviceId(word) ? word.toLowerCase() : await ownDeviceId(cloud, word));
  return ids;
}

async function ownDeviceId(cloud: Pick<Cloud, 'call'>, word: string): Promise<string> {
  try {
    return (await cloud.call('getDevice', { params: { deviceId: word } })).id;
  } catch (error) {
    // No own device of that name: it may be a number that the cloud knows. Tokens of programs own no devices at all.
    if (error instanceof ApiError && [400, 403, 404].includes(error.status)) return word;
    throw error;
  }
}

const LISTS = [
  ['added', 'Added to the product'],
  ['existing', 'In the product already'],
  ['invalid', 'Invalid: unknown, of other hardware, or in a product that you may not take them from'],
  ['nonmember', 'Owned by somebody outside of the team'],
  ['protected', 'Protected: another product holds them'],
] as const satisfies readonly (readonly [name: keyof AddedDevices, heading: string])[];

/** The lists that are not empty. */
export function addedLines(devices: AddedDevices): string[] {
  return LISTS.flatMap(([name, heading]) => {
    const ids = devices[name];
    return ids.length === 0 ? [] : [`${heading} (${ids.length}):`, ...ids.map((id) => `  ${printable(id)}`)];
  });
}

/** What is wrong when none of them joined; undefined when one did, or all were in the product before. */
export function nothingAdded(devices: AddedDevices, product: string): CliError | undefined {
  const refused = devices.invalid.length + devices.nonmember.length + devices.protected.length;
  if (devices.added.length > 0 || refused === 0) return undefined;
  return new CliError('failure', `No device was added to the product ${product}`, { details: devices });
}
