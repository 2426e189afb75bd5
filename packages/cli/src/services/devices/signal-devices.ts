import { CliError, usageError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import type { Context } from '../../program/context.ts';
import { atMost } from './at-most.ts';
import { labelOf } from './device-text.ts';
import { withDevice } from './find-device.ts';
import { listDevices } from './list-devices.ts';

export interface Signal {
  /** Id or name; undefined: every device that is online. */
  readonly device: string | undefined;
  readonly on: boolean;
}

export interface Signalled {
  readonly id: string;
  readonly signaling: boolean;
}

const AT_ONCE = 8;

/**
 * What the words of `nyan` mean (CLI-70): `[on|off]` or `[device|all] [on|off]`, where on and all are meant when left out.
 * @throws CliError of kind `usage`
 */
export function signalIn(first: string | undefined, second: string | undefined): Signal {
  const alone = second === undefined && (first === 'on' || first === 'off');
  const device = alone || first === 'all' ? undefined : first;
  const word = alone ? first : (second ?? 'on');
  if (word !== 'on' && word !== 'off') throw usageError(`[on|off] is on or off, not "${word}"`);
  return { device, on: word === 'on' };
}

/**
 * Switches the rainbow of a device on or off, or of every device that is online.
 * @throws CliError when a device does not answer; each such device was warned of, and the others are switched
 */
export async function signalDevices(
  context: Pick<Context, 'cloud' | 'out'>,
  { device, on }: Signal,
  product?: string,
): Promise<readonly Signalled[]> {
  const { cloud } = context;
  const signal = (selector: string): Promise<Signalled> =>
    withDevice(cloud, selector, product, async (deviceId) => {
      const body = { signal: on };
      const { id } = await (product === undefined
        ? cloud.call('updateDevice', { params: { deviceId }, body })
        : cloud.call('updateProductDevice', { params: { productIdOrSlug: product, deviceId }, body }));
      return { id, signaling: on };
    });
  if (device !== undefined) return [await signal(device)];
  const devices = await listDevices(context, { filter: 'online', product });
  const limit = atMost(AT_ONCE);
  const outcomes = await Promise.allSettled(devices.map(({ id }) => limit(() => signal(id))));
  const failures = outcomes.flatMap((outcome, at) => {
    const failed = devices[at];
    if (outcome.status === 'fulfilled' || failed === undefined) return [];
    const failure = failureOf(outcome.reason);
    context.out.warn(`${labelOf(failed)}: ${failure.message}`);
    return [failure];
  });
  const [first] = failures;
  if (first !== undefined) {
    const { kind } = first;
    throw new CliError(kind, `${failures.length} of ${devices.length} devices could not be reached`, { cause: first });
  }
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
