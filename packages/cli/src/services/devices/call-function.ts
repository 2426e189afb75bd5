import { ApiError, type Output } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { findDevice, withDevice } from './find-device.ts';

interface FunctionCall {
  /** Id or name. */
  readonly device: string;
  readonly name: string;
  /** Empty when left out. */
  readonly argument?: string | undefined;
  readonly product?: string | undefined;
}

/** What the function `cmd` of a Tracker says to what is no command in JSON (MSG-20). */
const INVALID = -22;

/** Calls a function of a device (CLI-06). @throws CliError of kind `not-found` that names the functions that there are, `offline` */
export async function callFunction(
  { cloud }: Pick<Context, 'cloud'>,
  { device, name, argument = '', product }: FunctionCall,
): Promise<Output<'callFunction'>> {
  const body = { arg: argument };
  try {
    return await withDevice(cloud, device, product, (deviceId) =>
      product === undefined
        ? cloud.call('callFunction', { params: { deviceId, name }, body })
        : cloud.call('callProductFunction', { params: { productIdOrSlug: product, deviceId, name }, body }),
    );
  } catch (error) {
    if (!(error instanceof ApiError && error.message.startsWith('Unknown Function'))) throw error;
    const { functions } = await findDevice(cloud, device, product);
    const known = (functions ?? []).map(printable).join(', ');
    throw new CliError('not-found', `The device has no function "${printable(name)}"`, {
      next: known === '' ? 'It has no functions.' : `Its functions are: ${known}.`,
      status: error.status,
      requestId: error.requestId,
      cause: error,
    });
  }
}

/** What a number of a device means, where that is known; undefined for a success and where it is not. */
export function meaningOf(name: string, result: number): string | undefined {
  if (name !== 'cmd' || result !== INVALID) return undefined;
  return 'The device says that this is invalid JSON, or no command that it could read (-22); 0 would be success. An example: \'{"cmd":"get_loc"}\'';
}
