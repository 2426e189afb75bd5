export { BlobPruner, FirmwareBlobs } from './firmware-blobs.ts';
export { type FlashDeviceInput, flashDevice } from './flash-device.ts';
export type { UploadedFile } from './read-upload.ts';
export { UpdateJournal } from './update-journal.ts';
export { UpdatePruner } from './update-pruner.ts';
