import type { Cloud } from '../../cloud/cloud.ts';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { deviceIdOfPlace } from '../events/device-of-place.ts';
import type { Place } from '../place.ts';
import { integrationsOf } from './integrations-of.ts';

interface Trial {
  readonly place: Place;
  readonly id: string;
  readonly data: string | undefined;
  /** Name or id, or `api`. */
  readonly device: string | undefined;
}

/** Makes the request of an integration. @returns the body of the reply @throws CliError of kind `failure` with the reason when it did not succeed */
export async function testIntegration(
  cloud: Pick<Cloud, 'call'>,
  { place, id, data, device }: Trial,
): Promise<string | null> {
  const from =
    device === undefined ? {} : { device_id: device === 'api' ? device : await deviceIdOfPlace(cloud, place, device) };
  const outcome = await integrationsOf(cloud, place).test(id, { ...(data !== undefined && { data }), ...from });
  if (outcome.pass) return outcome.data;
  throw new CliError('failure', `The request failed: ${printable(outcome.error)}`);
}
