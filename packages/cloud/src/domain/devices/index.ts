export { type AdmissionRules, admitDevice } from './admit-device.ts';
export { type CallFunctionInput, callFunction, type FunctionCall } from './call-function.ts';
export { type ClaimInput, claimDevice } from './claim-device.ts';
export { countDevices } from './count-devices.ts';
export type { Device } from './device.ts';
export { type DeviceChange, deviceChanges } from './device-changes.ts';
export { type DeviceCard, DeviceDirectory } from './device-directory.ts';
export { notAvailable } from './device-errors.ts';
export { DeviceWrites } from './device-writes.ts';
export { getDevice } from './get-device.ts';
export { listDevices } from './list-devices.ts';
export { pingDevice } from './ping-device.ts';
export { formatSystemVersion, isCellular } from './platforms.ts';
export { type ReadVariableInput, readVariable, type VariableReading } from './read-variable.ts';
export { type DescribedParts, recordDescription } from './record-description.ts';
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
export { type RegisterDeviceInput, type RegisterKeyInput, registerDevice, registerKey } from './register-device.ts';
export { isReservedName } from './reserved-names.ts';
export type { SubscribableEvent } from './subscription-index.ts';
export { unclaimDevice } from './unclaim-device.ts';
export { type UpdateDeviceInput, updateDevice } from './update-device.ts';
export { vitalsPayload } from './vitals-payload.ts';
