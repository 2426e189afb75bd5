import { ApiError, type Output } from '@cloudchamber/contract/client';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import { printable } from '../../output/printable.ts';
import { inProduct } from '../products/find-product.ts';
import { productDeviceId } from '../products/find-product-device.ts';
import { shellWord } from './device-text.ts';
import { nearMisses } from './near-misses.ts';

/** A device as the cloud tells of it; one of a product has more. */
export type Device = Output<'getDevice'> & Partial<Output<'getProductDevice'>>;
type Calls = Pick<Cloud, 'call'>;

/** Words that stand where a device's id would, and mean something else there. */
const WORDS: ReadonlySet<string> = new Set(['events']);

/**
 * The device behind an id in any case, or behind a name: of the own devices (and by id of those of products in reach), or of a product's.
 * @param product number or slug
 * @throws CliError of kind `not-found` that names own devices which are meant perhaps; of kind `usage` when several devices of the product have that name; ApiError
 */
export async function findDevice(cloud: Calls, selector: string, product?: string): Promise<Device> {
  return withDevice<Device>(cloud, selector, product, (deviceId) =>
    product === undefined
      ? cloud.call('getDevice', { params: { deviceId } })
      : cloud.call('getProductDevice', { params: { productIdOrSlug: product, deviceId } }),
  );
}

/**
 * Does something with a device by its id or name, in one request where the cloud finds devices by name itself.
 * @param run is given what stands for the device in a path
 * @throws CliError as `findDevice` when the cloud knows no such device; of kind `offline` when it does not answer; whatever else `run` throws
 */
export async function withDevice<T>(
  cloud: Calls,
  selector: string,
  product: string | undefined,
  run: (deviceId: string) => Promise<T>,
): Promise<T> {
  const wanted = selector.trim();
  if (wanted === '') throw usageError('A device is named by its id or its name, not by an empty word');
  try {
    return await reach(cloud, wanted, product, run);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 408)) throw error;
    const { kind, message, requestId } = failureOf(error);
    const flag = product === undefined ? '' : ` --product ${shellWord(product)}`;
    const next = `"chamber device doctor ${shellWord(wanted)}${flag}" tells why.`;
    throw new CliError(kind, message, { next, status: 408, requestId, cause: error });
  }
}

async function reach<T>(
  cloud: Calls,
  wanted: string,
  product: string | undefined,
  run: (deviceId: string) => Promise<T>,
): Promise<T> {
  if (product !== undefined) return inProduct(product, run(await productDeviceId(cloud, product, wanted)));
  const id = parseDeviceId(wanted);
  if (WORDS.has(wanted)) return run(await ownIdOf(cloud, wanted));
  try {
    return await run(id ?? wanted);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
    // Devices out of reach look alike; what is in the list was refused for another reason.
    const known = await cloud.call('listDevices');
    if (known.some((device) => device.id === id || device.name === wanted)) throw error;
    throw notFound(wanted, known, error);
  }
}

async function ownIdOf(cloud: Calls, name: string): Promise<string> {
  const known = await cloud.call('listDevices');
  const found = known.find((device) => device.name === name);
  if (found === undefined) throw notFound(name, known);
  return found.id;
}

function notFound(wanted: string, known: readonly Device[], cause?: unknown): CliError {
  const near = nearMisses(wanted, [...known.map(({ name }) => name), ...known.map(({ id }) => id)]);
  const meant = near.map((name) => `"${printable(name)}"`).join(' or ');
  return new CliError('not-found', `"${printable(wanted)}" is none of your devices`, {
    next: near.length === 0 ? '"chamber list" shows all.' : `Did you mean ${meant}? "chamber list" shows all.`,
    cause,
  });
}
