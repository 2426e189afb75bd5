export { type AdmissionRules, admitDevice } from './admit-device.ts';
export { announcedFirmware } from './announced-firmware.ts';
export {
  answerTransfer,
  answerTransferByToken,
  type TransferQuestion,
  transferQuestion,
} from './answer-transfer.ts';
export { askDevice } from './ask-device.ts';
export { callFunction } from './call-function.ts';
export { changeGroups } from './change-groups.ts';
export { claimDevice } from './claim-device.ts';
export { countDevices } from './count-devices.ts';
export { createClaimCode, createProductClaimCode } from './create-claim-code.ts';
export type { Device } from './device.ts';
export { type DeviceChange, deviceChanges } from './device-changes.ts';
export { audienceOf, type DeviceCard, DeviceDirectory } from './device-directory.ts';
export { deviceTimedOut, notAvailable } from './device-errors.ts';
export { type DevicePast, productPast, reachablePast } from './device-past.ts';
export { findDevice } from './device-store.ts';
export { DeviceWrites } from './device-writes.ts';
export { endProductClaims } from './end-product-claims.ts';
export { endProductDevices } from './end-product-devices.ts';
export { getDevice } from './get-device.ts';
export { createGroup } from './groups/create-group.ts';
export { deleteGroup } from './groups/delete-group.ts';
export type { GroupWithCount } from './groups/group.ts';
export type { GroupFollower } from './groups/group-follower.ts';
export { getGroup, listGroups } from './groups/list-groups.ts';
export { updateGroup } from './groups/update-group.ts';
export { handOverDevice } from './hand-over-device.ts';
export { holdProduct } from './hold-product.ts';
export { importDevices } from './import-devices.ts';
export { joinAnnouncedProduct } from './join-announced-product.ts';
export { listDevices } from './list-devices.ts';
export { listProductDevices } from './list-product-devices.ts';
export { listTransfers } from './list-transfers.ts';
export { lookUpSerialNumber } from './look-up-serial-number.ts';
export { organizationDevice } from './organization-device.ts';
export { findDevicesOfOwners, type OwnedDevice, releaseDevicesOf } from './owned-devices.ts';
export { findOwnerNames, ownerNameOf } from './owner-names.ts';
export { pingDevice } from './ping-device.ts';
export { formatSystemVersion } from './platforms.ts';
export { getProductDevice, type ProductDevice, productDevice } from './product-device.ts';
export { provisionDevice } from './provision-device.ts';
export { reachableDevice } from './reachable-device.ts';
export { readDeviceList } from './read-device-list.ts';
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
export { registerDevice, registerKey, storeKey } from './register-device.ts';
export { registeredKey } from './registered-key.ts';
export { releaseProductDevice, removeProductDevice } from './remove-product-device.ts';
export { requestTransfer } from './request-transfer.ts';
export { requireOperator } from './require-user.ts';
export { isReservedName } from './reserved-names.ts';
export { runningVersion } from './running-version.ts';
export { runsFirmwareOf } from './runs-firmware-of.ts';
export { type SearchResult, searchAccount, searchOrganization } from './search.ts';
export { firmwareTargets, type TargetsChanged } from './target-topic.ts';
export type { TransferAnswer } from './transfer.ts';
export type { ListedTransfer } from './transfer-store.ts';
export { unclaimDevice } from './unclaim-device.ts';
export { updateDevice } from './update-device.ts';
export { updateProductDevice } from './update-product-device.ts';
export { type ClaimingParts, claimByModem, useClaimCode } from './use-claim-code.ts';
