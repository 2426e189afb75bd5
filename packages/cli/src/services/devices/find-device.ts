import { ApiError, type Output } from '@cloudchamber/contract/client';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { nearMisses } from './near-misses.ts';

/** A device as the cloud tells of it; one of a product has more. */
export type Device = Output<'getDevice'>;
export type ProductDevice = Output<'getProductDevice'>;
type Calls = Pick<Cloud, 'call'>;

/** As many as one request gives. */
const PAGE = 1000;
/** Words that stand where a device's id would, and mean something else there. */
const WORDS: ReadonlySet<string> = new Set(['events']);

/**
 * The device behind an id in any case, or behind a name: of the own devices (and by id of those of products in reach), or of a product's.
 * @param product number or slug
 * @throws CliError of kind `not-found` that names devices which are meant perhaps; of kind `usage` when several devices of the product have that name; ApiError
 */
export async function findDevice(cloud: Calls, selector: string, product?: string): Promise<Device> {
  return product === undefined ? findOwnDevice(cloud, selector) : findProductDevice(cloud, selector, product);
}

/** As `findDevice`, with what only devices of products have. */
export async function findProductDevice(cloud: Calls, selector: string, product: string): Promise<ProductDevice> {
  return inReach(cloud, selector, product, (deviceId) =>
    cloud.call('getProductDevice', { params: { productIdOrSlug: product, deviceId } }),
  );
}

/**
 * Does something with a device by its id or name, in one request where the cloud finds devices by name itself.
 * @param run is given what stands for the device in a path
 * @throws CliError as `findDevice` when the cloud knows no such device; whatever else `run` throws
 */
export async function withDevice<T>(
  cloud: Calls,
  selector: string,
  product: string | undefined,
  run: (deviceId: string) => Promise<T>,
): Promise<T> {
  return inReach(cloud, selector, product, run);
}

function findOwnDevice(cloud: Calls, selector: string): Promise<Device> {
  return inReach(cloud, selector, undefined, (deviceId) => cloud.call('getDevice', { params: { deviceId } }));
}

async function inReach<T>(
  cloud: Calls,
  selector: string,
  product: string | undefined,
  run: (deviceId: string) => Promise<T>,
): Promise<T> {
  const wanted = selector.trim();
  if (wanted === '') throw usageError('A device is named by its id or its name, not by an empty word');
  const id = parseDeviceId(wanted);
  if (id === undefined && (product !== undefined || WORDS.has(wanted))) return run(await idOf(cloud, wanted, product));
  try {
    return await run(id ?? wanted);
  } catch (error) {
    if (!isUnknown(error, product)) throw error;
    // Another refusal, such as of the product itself, shows in the list as well.
    const known = await listDevices(cloud, product, { deviceId: wanted });
    if (known.some((device) => device.id === id || device.name === wanted)) throw error;
    throw notFound(wanted, known, product, error);
  }
}

/** Devices out of reach look alike: 403 on the routes of own devices, 404 in products. Unknown functions and variables are 404 everywhere. */
function isUnknown(error: unknown, product: string | undefined): boolean {
  if (!(error instanceof ApiError) || /^Unknown (?:Function|Variable)/.test(error.message)) return false;
  return error.status === (product === undefined ? 403 : 404);
}

async function idOf(cloud: Calls, name: string, product: string | undefined): Promise<string> {
  const known = await listDevices(cloud, product, { deviceName: name });
  const same = known.filter((device) => device.name === name);
  const alike = same.length > 0 ? same : known.filter((device) => device.name.toLowerCase() === name.toLowerCase());
  const [first, ...others] = alike;
  if (first === undefined) {
    throw notFound(name, product === undefined ? known : await listDevices(cloud, product), product);
  }
  if (others.length === 0) return first.id;
  const ids = alike.map(({ id }) => id).join(', ');
  throw usageError(`${alike.length} devices have the name "${printable(name)}": ${ids}`, 'Name the device by its id.');
}

/** @param part of the id or name, which only products search for */
async function listDevices(
  cloud: Calls,
  product: string | undefined,
  part: { readonly deviceId?: string; readonly deviceName?: string } = {},
): Promise<readonly Device[]> {
  if (product === undefined) return cloud.call('listDevices');
  const params = { productIdOrSlug: product };
  return (await cloud.call('listProductDevices', { params, query: { per_page: PAGE, ...part } })).devices;
}

function notFound(wanted: string, known: readonly Device[], product: string | undefined, cause?: unknown): CliError {
  const list = product === undefined ? 'chamber list' : `chamber list --product ${product}`;
  const near = nearMisses(wanted, [...known.map(({ name }) => name), ...known.map(({ id }) => id)]);
  const meant = near.map((name) => `"${printable(name)}"`).join(' or ');
  const where = product === undefined ? 'none of your devices' : `no device of the product ${printable(product)}`;
  return new CliError('not-found', `"${printable(wanted)}" is ${where}`, {
    next: near.length === 0 ? `"${list}" shows all.` : `Did you mean ${meant}? "${list}" shows all.`,
    cause,
  });
}
