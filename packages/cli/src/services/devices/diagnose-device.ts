import { ApiError, type Output } from '@cloudchamber/contract/client';
import { parseDeviceId } from '@cloudchamber/kernel';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { type Device, findDevice } from './find-device.ts';

export type Attempt = Output<'listDeviceConnections'>['connections'][number];

/** What is known of how a device connects. */
export interface Findings {
  readonly id: string;
  /** Undefined for a device that is nobody's, or somebody else's, which operators ask for. */
  readonly device: Device | undefined;
  /** The newest first. */
  readonly attempts: readonly Attempt[];
  readonly product: string | undefined;
}

interface Place {
  /** Id or name; operators name any device by its id. */
  readonly device: string;
  readonly product?: string | undefined;
}

const MOST = 10;

/** @throws CliError as `findDevice`, also for operators when nobody has ever tried with that id */
export async function examineDevice(
  { cloud }: Pick<Context, 'cloud'>,
  { device: selector, product }: Place,
): Promise<Findings> {
  const query = { limit: MOST };
  try {
    const device = await findDevice(cloud, selector, product);
    const { id } = device;
    const { connections } = await (product === undefined
      ? cloud.call('listDeviceConnections', { params: { deviceId: id }, query })
      : cloud.call('listProductDeviceConnections', { params: { productIdOrSlug: product, deviceId: id }, query }));
    return { id, device, attempts: connections, product };
  } catch (error) {
    const id = parseDeviceId(selector.trim());
    const beyond = (error instanceof CliError && error.kind === 'not-found') || isRefused(error);
    if (id === undefined || product !== undefined || !beyond) throw error;
    const attempts = await attemptsForOperator(cloud, id);
    if (attempts === undefined) throw error;
    return { id, device: undefined, attempts, product };
  }
}

/** Registers the key of an attempt for the device, so that it is let in. */
export async function approveKey(
  { cloud }: Pick<Context, 'cloud'>,
  { id, device, product }: Findings,
  attempt: number,
): Promise<void> {
  const connectionId = String(attempt);
  if (device === undefined) await cloud.call('approveKey', { params: { connectionId } });
  else if (product === undefined) await cloud.call('approveDeviceKey', { params: { deviceId: id, connectionId } });
  else {
    const params = { productIdOrSlug: product, deviceId: id, connectionId };
    await cloud.call('approveProductDeviceKey', { params });
  }
}

async function attemptsForOperator(cloud: Context['cloud'], id: string): Promise<readonly Attempt[] | undefined> {
  try {
    return (await cloud.call('listConnections', { query: { device: id, limit: MOST } })).connections;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status === 403;
