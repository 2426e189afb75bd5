import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import { type Clock, type DeviceId, type Entropy, hours } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { type Device, findDevice } from '../devices/index.ts';
import { tellOfDevice } from '../events/index.ts';
import { moduleWords, storedDescribe, type UpdateJournal } from '../firmware/index.ts';
import { findVersion } from '../releases/index.ts';
import type { UpdateJob, Wait } from './decide-update.ts';
import type { DevicePlan, FleetPlans } from './fleet-plans.ts';

export interface SendParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly commands: Pick<DeviceCommands, 'helloOf' | 'requestDescribe'>;
  readonly updates: Pick<UpdateJournal, 'begin'>;
  readonly plans: FleetPlans;
}

/** What stands in the way of an update may have been uploaded by then. */
const LOOK_AGAIN_MS = hours(1);
const ID_BYTES = 12;
const STATUS = 'spark/status';
const REPAIRING = 'spark/safe-mode-updater/updating';

/**
 * Sends a device what was decided for it. Resolves when the device has taken the start, with undefined; with why it waits when it can't be sent that; with `nothing` when there is
 * nothing to send.
 * @param isWanted asked in the last moment: false when the device has gone or the process ends
 * @throws GatewayError as `UpdateJournal.begin`
 */
export async function sendUpdate(
  parts: SendParts,
  job: UpdateJob,
  isWanted: () => boolean,
): Promise<Wait | 'nothing' | undefined> {
  const { clock, entropy } = parts;
  const { id: deviceId } = job.device;
  const planned = await freshPlan(parts, job);
  if (planned === undefined || !isWanted()) return 'nothing';
  if (planned.plan === undefined) {
    return { blocked: planned.obstacle, message: planned.message, until: clock.now() + LOOK_AGAIN_MS };
  }
  const { images, applicationHash } = planned.plan;
  const id = entropy.bytes(ID_BYTES).toString('hex');
  const update = { id, deviceId, requestedBy: 'system', at: clock.now(), images, applicationHash };
  const { target, productId } = job;
  if (target === undefined || productId === undefined) {
    await parts.updates.begin({ ...update, reason: 'repair' });
    await tellOfDevice(parts, deviceId, REPAIRING, planned.lacking.modules.map(moduleWords).join(', '));
  } else {
    const { version, rolloutId } = target;
    await parts.updates.begin({ ...update, reason: target.reason, target: { productId, version, rolloutId } });
    await tellOfDevice(parts, deviceId, STATUS, 'auto-update');
  }
  return undefined;
}

/** A device that seems to lack parts of Device OS, or of which nothing is known, is asked once more what it has: it may have got them over USB. */
async function freshPlan(parts: SendParts, job: UpdateJob): Promise<DevicePlan | undefined> {
  const planned = job.device.systemDescribe === null ? undefined : await planFor(parts, job, job.device);
  const isSure = planned !== undefined && planned.lacking.modules.length + planned.lacking.missing.length === 0;
  const mayBeUnknown = planned === undefined && job.device.systemDescribe !== null;
  if (isSure || mayBeUnknown) return planned;
  const device = await describedAnew(parts, job.device.id);
  return device && planFor(parts, job, device);
}

async function planFor(
  { plans, store, commands }: SendParts,
  { target, productId, running }: UpdateJob,
  device: Device,
): Promise<DevicePlan | undefined> {
  const hello = commands.helloOf(device.id);
  if (hello === undefined) return undefined;
  const planned = { hello, describe: storedDescribe(device) };
  const wanted = target === undefined ? running : target.version;
  const version =
    productId === undefined || wanted === undefined || wanted === null
      ? undefined
      : await findVersion(store.reads, productId, wanted);
  if (target === undefined) return plans.repairOf(planned, version);
  if (version !== undefined) return plans.planOf(version, planned);
  const message = `The product has no firmware version ${target.version} any more`;
  return { lacking: { modules: [], missing: [] }, obstacle: 'unsuitable', message };
}

async function describedAnew({ commands, store }: SendParts, deviceId: DeviceId): Promise<Device | undefined> {
  try {
    await commands.requestDescribe(deviceId, 'system');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
  return findDevice(store.reads, deviceId);
}
