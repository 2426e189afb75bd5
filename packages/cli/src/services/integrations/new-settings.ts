import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { deviceIdOfPlace } from '../events/device-of-place.ts';
import type { Place } from '../place.ts';
import { readJsonObject } from '../read-json-object.ts';
import type { Settings } from './integrations-of.ts';

/** How a new webhook was described on the command line. */
export interface Described {
  readonly place: Place;
  /** The event; the path of a JSON file when there is no address. */
  readonly event: string;
  readonly url: string | undefined;
  /** Name or id of the only device that triggers it. */
  readonly device: string | undefined;
  readonly requestType: string | undefined;
  readonly name: string | undefined;
}

/** Settings from words or from a file, in which unknown keys are left as they are. @throws CliError of kind `usage` */
export async function newSettings(
  { cloud, cwd }: Pick<Context, 'cloud' | 'cwd'>,
  { place, event, url, device, requestType, name }: Described,
): Promise<Settings> {
  const more = { ...(requestType !== undefined && { requestType }), ...(name !== undefined && { name }) };
  if (url === undefined) {
    if (!event.endsWith('.json') && !existsSync(resolve(cwd, event))) {
      throw usageError(
        `There is no address for "${event}", and no file of that name`,
        'Give an event and an address, or the path of a JSON file.',
      );
    }
    return { ...(await readJsonObject(cwd, event)), ...more };
  }
  if (device === undefined) return { event, url, ...more };
  if (place.kind !== 'own') throw usageError('A webhook for one device belongs to your account: leave the device out');
  return { event, url, deviceID: await deviceIdOfPlace(cloud, place, device), ...more };
}
