/** How somebody tried to connect; the same within a minute is one row. */
export interface ConnectionAttemptRow {
  /** Grows with time. */
  id: number;
  /** Whom the peer said to be; null when it did not come so far. */
  device_id: string | null;
  transport: string;
  address: string;
  port: number;
  stage: string;
  outcome: string;
  reason: string | null;
  /** SHA-256 of the key that was shown, hex. */
  key_fingerprint: string | null;
  /** The key itself, DER SPKI, where it is proved and could be registered. */
  public_key: Uint8Array | null;
  count: number;
  /** ms UTC */
  first_at: number;
  last_at: number;
}

export interface ConnectionAttemptsTables {
  connection_attempts: ConnectionAttemptRow;
}
