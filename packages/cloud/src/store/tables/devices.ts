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

/** The tables of migration 0003: devices and their subscriptions. */
export interface DevicesTables {
  devices: DeviceRow;
  device_subscriptions: DeviceSubscriptionRow;
}
