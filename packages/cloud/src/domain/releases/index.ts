export { announceFirmware } from './announce-firmware.ts';
export { deleteFirmware } from './delete-firmware.ts';
export { downloadFirmware } from './download-firmware.ts';
export { endProductFirmware } from './end-product-firmware.ts';
export type { FirmwareVersion, ListedFirmware } from './firmware-version.ts';
export { findVersion } from './firmware-version-store.ts';
export { releasesFollowGroups } from './follow-groups.ts';
export { findGroupReleases, getFirmware, listFirmware } from './list-firmware.ts';
export { checkLock } from './lock-device.ts';
export { releaseFirmware } from './release-firmware.ts';
export { releaseImpact } from './release-impact.ts';
export { type ReleaseToWrite, writeRelease } from './release-store.ts';
export { requireReleasable } from './require-releasable.ts';
export {
  isDue,
  type Releases,
  resolveTarget,
  type Target,
} from './resolve-target.ts';
export { findReleases, findTargetFacts, type MemberTarget, pageOfMembers } from './target-store.ts';
export { targetedVersions } from './targeted-versions.ts';
export { updateFirmware } from './update-firmware.ts';
export { type UploadFirmwareInput, uploadFirmware } from './upload-firmware.ts';
export { VersionsRan } from './versions-ran.ts';
