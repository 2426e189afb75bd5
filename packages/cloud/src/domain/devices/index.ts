export { type AdmissionRules, admitDevice } from './admit-device.ts';
export { askDevice } from './ask-device.ts';
export { callFunction } from './call-function.ts';
export { claimDevice } from './claim-device.ts';
export { countDevices } from './count-devices.ts';
export type { Device } from './device.ts';
export { deviceChanges } from './device-changes.ts';
export { type DeviceCard, DeviceDirectory } from './device-directory.ts';
export { deviceTimedOut, notAvailable } from './device-errors.ts';
export { findDevice } from './device-store.ts';
export { DeviceWrites } from './device-writes.ts';
export { getDevice } from './get-device.ts';
export { listDevices } from './list-devices.ts';
export { pingDevice } from './ping-device.ts';
export { formatSystemVersion, isCellular } from './platforms.ts';
export { readVariable } from './read-variable.ts';
export { recordDescription } from './record-description.ts';
export { recordHeard } from './record-heard.ts';
export { recordSession } from './record-session.ts';
export { recordSubscription } from './record-subscription.ts';
export {
  areUpdatesForced,
  recordIccid,
  recordSafeMode,
  recordUpdatesEnabled,
  systemDescribeOf,
} from './record-system-state.ts';
export { registerDevice, registerKey } from './register-device.ts';
export { registeredKey } from './registered-key.ts';
export { requireOperator } from './require-user.ts';
export { isReservedName } from './reserved-names.ts';
export { unclaimDevice } from './unclaim-device.ts';
export { updateDevice } from './update-device.ts';
export { vitalsPayload } from './vitals-payload.ts';
