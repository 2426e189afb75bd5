export { type FleetFigures, FleetUpdater } from './fleet-updater.ts';
