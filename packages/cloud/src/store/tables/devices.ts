import type { Generated } from 'kysely';

/** One device. Columns that its owner or itself never told are null. */
export interface DeviceRow {
  /** 24 hex digits, lower case. */
  id: string;
  name: string;
  owner_id: string | null;
  /** Null for a device that is in no product; the API then shows its platform. */
  product_id: number | null;
  platform_id: number;
  /** Version of the user firmware, from Hello. */
  firmware_version: number | null;
  /** System module version, such as 6200 for 6.2.0. */
  system_version: number | null;
  /** SubjectPublicKeyInfo, DER: P-256 for UDP, RSA for TCP. */
  public_key: Uint8Array | null;
  notes: string | null;
  /** JSON array of names, or null before the first Describe. */
  functions: string | null;
  /** JSON object, name to Describe type, or null before the first Describe. */
  variables: string | null;
  /** JSON of the system Describe. */
  system_describe: string | null;
  /** 1 while the device says that it misses a system module. */
  safe_mode: number;
  /** What the device allows; null before it said so. */
  updates_enabled: number | null;
  /** What the owner forces. */
  updates_forced: number;
  last_heard: number | null;
  last_handshake_at: number | null;
  last_ip: string | null;
  /** Fingerprint of the cloud's key that it holds, as its last handshake showed; null before that. */
  server_key: string | null;
  serial_number: string | null;
  iccid: string | null;
  imei: string | null;
  claimed_at: number | null;
  /** The product id of the last Hello; null when it was the platform's own or none. */
  firmware_product_id: number | null;
  /** 1: no firmware of the product is sent to it by itself (DEV-01). */
  development: number;
  /** The product firmware that it is locked to. */
  desired_firmware_version: number | null;
  /** Since when it has the group, lock or membership that it has: what follows from that waits for the handshake after. 0 for ever. */
  retargeted_at: Generated<number>;
  /** 1: the version that it is locked to is sent without waiting for a handshake. */
  flash_now: Generated<number>;
  joined_product_at: number | null;
  created_at: number;
  updated_at: number;
}

/** What a device wants to hear (protocol section 5.4). */
interface DeviceSubscriptionRow {
  device_id: string;
  prefix: string;
  /** `text`, `binary` or `cbor`. */
  accepts: string;
  /** Only events of this device; empty for every device. */
  device_filter: string;
}

/** A device that announced a product which it does not belong to. */
interface QuarantinedDeviceRow {
  product_id: number;
  device_id: string;
  /** 1: it may not connect as this product. */
  denied: number;
  created_at: number;
}

/** A group of a product's devices (PRD-15). */
export interface DeviceGroupRow {
  product_id: number;
  name: string;
  description: string;
  /** `#rrggbb` */
  color: string;
  created_at: number;
}

interface DeviceGroupMemberRow {
  product_id: number;
  name: string;
  device_id: string;
}

/** A code that claims the device which brings it (CLM-05). Deleted by its one use. */
export interface ClaimCodeRow {
  /** SHA-256 of the code, hex. */
  code_hash: string;
  owner_kind: 'user' | 'customer';
  owner_id: string;
  /** The product that the device must belong to; null for any. */
  product_id: number | null;
  created_at: number;
  expires_at: number;
}

/** A claim that waits for the approval of the device's owner. */
export interface DeviceTransferRow {
  id: string;
  /** SHA-256 of the token in the mail, hex. */
  token_hash: string;
  device_id: string;
  from_owner_id: string;
  to_user_id: string;
  state: 'waiting' | 'approved' | 'declined';
  created_at: number;
  expires_at: number;
}

/** The tables of migrations 0003 and 0008: devices, their subscriptions, groups and claiming. */
export interface DevicesTables {
  devices: DeviceRow;
  device_subscriptions: DeviceSubscriptionRow;
  quarantined_devices: QuarantinedDeviceRow;
  device_groups: DeviceGroupRow;
  device_group_members: DeviceGroupMemberRow;
  claim_codes: ClaimCodeRow;
  device_transfers: DeviceTransferRow;
}
