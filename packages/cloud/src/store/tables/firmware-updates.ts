/** Bytes of firmware that something refers to by their hash. */
interface FirmwareBlobRow {
  /** SHA-256 of `data`, hex. */
  hash: string;
  size: number;
  /** When something began to refer to it: what is younger than a day is not looked at by the pruner. */
  used_at: number;
  data: Uint8Array;
}

/** A module that the operator has uploaded: a part of Device OS, or an application with a name. */
export interface FirmwareModuleRow {
  /** 24 hex digits. */
  id: string;
  /** Of a known application; empty for a part of Device OS. */
  name: string;
  /** The blob. */
  hash: string;
  uploaded_by: string;
  /** JSON array of `{ function, index, version }`: what it needs to run. */
  dependencies: string;
  platform_id: number;
  function: number;
  module_index: number;
  version: number;
  size: number;
  uploaded_at: number;
}

/** An update of one device: one attempt to bring it something. Kept as the device's history. */
interface FirmwareUpdateRow {
  /** 24 hex digits. */
  id: string;
  device_id: string;
  /** The account that asked for it, or `system`. */
  requested_by: string;
  created_at: number;
  /** JSON array of `{ hash, moduleFunction }`, in the order of sending. Null when the update has ended. */
  image_list: string | null;
  /** How many of the images the device has applied. */
  images_done: number;
  /** SHA-256 of the application in it, hex. */
  application_hash: string | null;
  /** Null while it is under way. */
  ended_at: number | null;
  /** `succeeded`, or why it did not: `refused`, `no_progress`, `not_applied`, `device_gone`, `cancelled`. */
  outcome: string | null;
  /** What the device or this server says of a failure. */
  message: string | null;
  /** Why: `flash`, `known_app`, `lock`, `release`, `rollout`, `repair`. Null for updates of older servers. */
  reason: string | null;
  rollout_id: string | null;
  /** Where it stands, or stood when it ended: `starting`, `transferring`, `applying`, `done`. */
  stage: string | null;
  /** The product whose firmware it brings. */
  product_id: number | null;
  /** The version of the product's firmware that it brings. */
  version: number | null;
  /** When the device took the start. */
  started_at: number | null;
  /** What the device had for sure, over all images. */
  bytes: number | null;
  total_bytes: number | null;
}

/** The tables of migrations 0007 and 0013 that have to do with sending firmware. */
export interface FirmwareUpdatesTables {
  firmware_blobs: FirmwareBlobRow;
  firmware_modules: FirmwareModuleRow;
  firmware_updates: FirmwareUpdateRow;
}
