/** A version of a product's firmware (section 4 of the product notes). */
export interface ProductFirmwareRow {
  product_id: number;
  /** 1 to 65535, as compiled into the application. */
  version: number;
  size: number;
  mandatory: number;
  /** 24 hex digits, the `_id` of the API. */
  id: string;
  title: string;
  description: string;
  file_name: string;
  /** The blob with the file as it was uploaded. */
  file_hash: string;
  kind: 'binary' | 'bundle';
  /** The account, or the API user or product client. */
  uploaded_by: string;
  /** Its e-mail or name at that time. */
  uploader_name: string | null;
  /** SHA-256 of the application, hex. */
  application_hash: string | null;
  uploaded_at: number;
  updated_at: number;
  archived_at: number | null;
  /** When a device of the product first said Hello with it. */
  first_run_at: number | null;
  /** Set by its first release, and never taken back: it can't be deleted any more. */
  first_released_at: number | null;
}

/** What is released to whom: at most one version for a group, and one for all others. */
interface FirmwareReleaseRow {
  product_id: number;
  version: number;
  /** 1: devices that are online don't wait for their next handshake. */
  immediate: number;
  /** Empty for the product's default. */
  group_name: string;
  released_by: string;
  released_at: number;
}

export type RolloutState = 'running' | 'waiting' | 'paused' | 'halted' | 'completed' | 'aborted' | 'rolled_back';

/** A release in steps. */
export interface RolloutRow {
  /** 24 hex digits. */
  id: string;
  /** JSON: whom it is for in the end: `{ productDefault, groups }`. */
  scope: string;
  /** JSON array of steps: `{ percent }`, `{ count }` or `{ groups }`. */
  steps: string;
  /** JSON of thresholds and times. */
  settings: string;
  /** `running`: a step is under way; `waiting`: the pause after a step. */
  state: RolloutState;
  created_by: string;
  product_id: number;
  version: number;
  /** The step that is under way or was the last, from 0. */
  step: number;
  created_at: number;
  updated_at: number;
  /** When all devices of the step had been chosen; null while they are. */
  step_started_at: number | null;
  /** When every device of the step was decided. */
  step_ended_at: number | null;
  ended_at: number | null;
  /** When it last went on after it stood still: devices that wait have their time from then on. */
  resumed_at: number | null;
  /** Failures until then don't count. */
  forgiven_at: number | null;
  /** Why it stands still. */
  message: string | null;
  /** JSON: how many devices the last step passed over, and why. Null before the first. */
  passed_over: string | null;
}

export type RolloutDeviceState = 'offered' | 'succeeded' | 'failed' | 'left';

/** A device that a step of a rollout has reached. */
export interface RolloutDeviceRow {
  rollout_id: string;
  device_id: string;
  /** `left`: it went out of the rollout's reach before it was decided (locked, development, out of the product). */
  state: RolloutDeviceState;
  step: number;
  offered_at: number;
  /** Attempts that failed. */
  failures: number;
  message: string | null;
  /** What it ran before; null for none of the product's. */
  from_version: number | null;
  ended_at: number | null;
}

/** What happened to a rollout, in order. */
interface RolloutTimelineRow {
  rollout_id: string;
  kind: string;
  /** An account's e-mail or name, or `system`. */
  actor: string;
  /** JSON. */
  detail: string;
  sequence: number;
  at: number;
}

/** A vitals document of a device, the newest of ten seconds. */
interface DeviceVitalsRow {
  device_id: string;
  /** `at` in tens of seconds. */
  slot: number;
  at: number;
  /** JSON. */
  payload: string;
}

/** A device came or went. */
interface DevicePresenceRow {
  device_id: string;
  at: number;
  online: number;
  /** Why it went; null when it came. */
  reason: string | null;
}

/** Figures of a product in a quarter of an hour: those of each device, and their sum. */
interface HealthCountRow {
  product_id: number;
  kind: 'events' | 'functions' | 'variables' | 'integrations';
  /** Empty for the sum of all devices, and of what no device did. */
  device_id: string;
  /** Begin of the quarter in UTC, ms. */
  bucket: number;
  /** `received`; `success`, `failure`, `offline`; `success`, `failure`, `sleep`. */
  outcome: string;
  count: number;
}

/** The tables of migration 0013: firmware of products, releases, rollouts, vitals, health. */
export interface FleetsTables {
  product_firmware: ProductFirmwareRow;
  firmware_releases: FirmwareReleaseRow;
  rollouts: RolloutRow;
  rollout_devices: RolloutDeviceRow;
  rollout_timeline: RolloutTimelineRow;
  device_vitals: DeviceVitalsRow;
  device_presence: DevicePresenceRow;
  health_counts: HealthCountRow;
}
