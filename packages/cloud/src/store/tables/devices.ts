/** The tables of migration 0003: devices and their subscriptions. */
export type DevicesTables = Record<never, never>;
