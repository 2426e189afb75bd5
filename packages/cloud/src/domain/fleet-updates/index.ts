export { FleetUpdater } from './fleet-updater.ts';
export { type DeviceUpdates, listDeviceUpdates, listProductUpdates, type UpdateState } from './list-updates.ts';
