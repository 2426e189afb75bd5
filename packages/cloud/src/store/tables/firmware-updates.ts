/** A firmware update of one device that was asked for. */
interface FirmwareUpdateRow {
  /** 24 hex digits. */
  id: string;
  device_id: string;
  /** The account that asked for it. */
  requested_by: string;
  created_at: number;
  /** What is sent: each image as its module function (one byte), its length (four) and its bytes. Null when the update has ended. */
  images: Uint8Array | null;
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
}

/** The table of migration 0007. */
export interface FirmwareUpdatesTables {
  firmware_updates: FirmwareUpdateRow;
}
