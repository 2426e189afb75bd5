import { ApiError, type Output } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { findDevice, withDevice } from './find-device.ts';

interface Reading {
  /** Id or name. */
  readonly device: string;
  readonly variable: string;
  readonly product?: string | undefined;
}

/** The value of a variable, from the device (CLI-07). @throws CliError of kind `not-found` that names the variables that there are, `offline` */
export async function readVariable(
  { cloud }: Pick<Context, 'cloud'>,
  { device, variable, product }: Reading,
): Promise<Output<'readVariable'>> {
  try {
    return await withDevice(cloud, device, product, (deviceId) =>
      product === undefined
        ? cloud.call('readVariable', { params: { deviceId, name: variable } })
        : cloud.call('readProductVariable', { params: { productIdOrSlug: product, deviceId, name: variable } }),
    );
  } catch (error) {
    if (!(error instanceof ApiError && error.message.startsWith('Unknown Variable'))) throw error;
    const { variables } = await findDevice(cloud, device, product);
    const known = Object.keys(variables ?? {})
      .map(printable)
      .join(', ');
    throw new CliError('not-found', `The device has no variable "${printable(variable)}"`, {
      next: known === '' ? 'It has no variables.' : `Its variables are: ${known}.`,
      status: error.status,
      requestId: error.requestId,
      cause: error,
    });
  }
}
