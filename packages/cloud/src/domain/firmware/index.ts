export { BlobPruner, FirmwareBlobs } from './firmware-blobs.ts';
export { type FlashDeviceInput, flashDevice } from './flash-device.ts';
export { readModuleFiles } from './module-files.ts';
export { type LackingModules, lackingModules, needsOfDevice, storedDescribe } from './module-library.ts';
export { findModulesFor, type LibraryModule } from './module-store.ts';
export type { UploadedFile } from './read-upload.ts';
export { UpdateJournal } from './update-journal.ts';
export { UpdatePruner } from './update-pruner.ts';
