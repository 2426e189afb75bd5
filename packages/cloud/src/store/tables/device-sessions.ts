import type { Generated } from 'kysely';

/** A DTLS session of a device: what doesn't change while it lasts, and its state as of the last time that was gathered from the marks. */
export interface DeviceSessionRow {
  id: Generated<number>;
  device_id: string;
  /** The key that the device has proved to own, DER SubjectPublicKeyInfo: a session lives no longer than that key is registered. */
  public_key: Uint8Array;
  /** Connection id, keys and IVs under the secret box, context `session:<device id>`. */
  sealed_secrets: Uint8Array;
  /** JSON of what the device said of itself in Hello. */
  hello: string;
  /** When the handshake ended. */
  started_at: number;
  /** As in a mark. */
  progress: Uint8Array;
  /** Marks up to this position are in `progress`. */
  gathered: number;
}

/** The states of sessions that changed, one row for each commit. Rows are deleted once gathered into `device_sessions`. */
export interface SessionMarksRow {
  sequence: Generated<number>;
  /** The states, end to end, in the encoding of `domain/sessions`. */
  marks: Uint8Array;
}

/** The tables of migration 0005. */
export interface DeviceSessionsTables {
  device_sessions: DeviceSessionRow;
  session_marks: SessionMarksRow;
}
