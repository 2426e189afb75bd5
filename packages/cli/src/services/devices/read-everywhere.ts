import { CliError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { atMost } from './at-most.ts';
import { labelOf } from './device-text.ts';
import type { Device } from './find-device.ts';
import { listDevices } from './list-devices.ts';
import { readVariable } from './read-variable.ts';

interface Reading {
  readonly variable: string;
  readonly product?: string | undefined;
}

export interface Value {
  readonly id: string;
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** So many devices are asked at once. */
export const AT_ONCE = 8;

/** All devices that say that they have the variable, also those that are offline. @throws CliError of kind `not-found` when none has */
export async function devicesWith(
  context: Pick<Context, 'cloud'>,
  { variable, product }: Reading,
): Promise<readonly Device[]> {
  const devices = (await listDevices(context, { product })).filter(({ variables }) =>
    Object.hasOwn(variables ?? {}, variable),
  );
  if (devices.length > 0) return devices;
  throw new CliError('not-found', `No device has a variable "${printable(variable)}"`, {
    next: '"chamber variable list" shows those that there are.',
  });
}

/**
 * Reads a variable from all devices that have it. Those that do not answer are warned of.
 * @throws CliError when no device answers at all
 */
export async function readEverywhere(
  context: Pick<Context, 'cloud' | 'out'>,
  reading: Reading,
): Promise<readonly Value[]> {
  const devices = await devicesWith(context, reading);
  const limit = atMost(AT_ONCE);
  const failures: CliError[] = [];
  const values = await Promise.all(
    devices.map(({ id, name }) =>
      limit(async (): Promise<Value | undefined> => {
        try {
          return { id, name, value: (await readVariable(context, { ...reading, device: id })).result };
        } catch (error) {
          const failure = failureOf(error);
          if (failure.kind === 'login' || failure.kind === 'interrupted') throw failure;
          failures.push(failure);
          context.out.warn(`${labelOf({ id, name })}: ${failure.message}`);
          return undefined;
        }
      }),
    ),
  );
  const read = values.filter((value) => value !== undefined);
  const [first] = failures;
  if (read.length === 0 && first !== undefined) throw new CliError(first.kind, 'No device answered', { cause: first });
  return read;
}
