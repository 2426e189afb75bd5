import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { findDevice } from './find-device.ts';

const SURE = 'Are you sure?  Please Type yes to continue:';
const CELLULAR =
  'Unclaiming a cellular device removes it from your account, but does not stop billing. As the claiming status and SIM are separate, you must also pause or release ownership of your SIM to stop billing.';

interface Removal {
  /** Id or name. */
  readonly device: string;
  /** Unclaims a device of the product, which stays in it. */
  readonly product?: string | undefined;
}

/**
 * Gives a device up, so that somebody else can claim it (CLI-10), once `yes` was typed.
 * @returns its id, and what the cloud said
 * @throws CliError of kind `failure` when something else was typed; of kind `usage` without a terminal to ask at
 */
export async function removeDevice(
  { cloud, ask, out }: Pick<Context, 'cloud' | 'ask' | 'out'>,
  { device, product }: Removal,
): Promise<{ readonly id: string; readonly reply: unknown }> {
  const { id, cellular } = await findDevice(cloud, device, product);
  if (cellular) out.note(CELLULAR);
  if (!(await ask.typed(SURE, 'yes'))) throw new CliError('failure', 'Not confirmed: the device is still yours');
  out.note(`releasing device ${id}`);
  const reply = await (product === undefined
    ? cloud.call('unclaimDevice', { params: { deviceId: id } })
    : cloud.call('releaseProductDevice', { params: { productIdOrSlug: product, deviceId: id } }));
  return { id, reply };
}
