import type { DeviceId } from '@cloudchamber/kernel';
import type { ApplicationDescribe, SystemDescribe } from '@cloudchamber/wire';
import { changeDevice, type DeviceChanges } from './device-store.ts';
import type { DeviceWrites } from './device-writes.ts';

/** The parts of Describe that are kept (protocol section 8.1): a device does not post again what it knows to be acknowledged. */
export interface DescribedParts {
  readonly application?: ApplicationDescribe;
  readonly system?: SystemDescribe;
}

/** Stores what a device described of itself; resolves when it is durable. */
export function recordDescription(writes: DeviceWrites, deviceId: DeviceId, parts: DescribedParts): Promise<void> {
  const changes = { ...applicationChanges(parts.application), ...systemChanges(parts.system) };
  return writes.run((db) => changeDevice(db, deviceId, changes));
}

function applicationChanges(application: ApplicationDescribe | undefined): DeviceChanges {
  if (application === undefined) return {};
  return { functions: JSON.stringify(application.functions), variables: JSON.stringify(application.variables) };
}

function systemChanges(system: SystemDescribe | undefined): DeviceChanges {
  if (system === undefined) return {};
  return {
    system_describe: JSON.stringify(system),
    ...(system.imei !== undefined && { imei: system.imei }),
    ...(system.iccid !== undefined && { iccid: system.iccid }),
  };
}
