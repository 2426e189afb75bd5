import type { Output } from '@cloudchamber/contract';

export type FleetPage = Output<'listProductDevices'>;
export type FleetDevice = FleetPage['devices'][number];
