import { type DeviceId, deviceIdFromBytes } from '@cloudchamber/kernel';
import { ContentType, RECORD_HEADER_LENGTH } from './record.ts';

const DEVICE_ID_LENGTH = 12;
const TRAILER_LENGTH = DEVICE_ID_LENGTH + 1;

/** A datagram of type 254 taken apart. */
export interface MovedDatagram {
  /** Whose session it claims to be of; only the session's keys can tell. */
  readonly deviceId: DeviceId;
  /** The record as it was sealed: type 23, without the trailer. A copy. */
  readonly datagram: Uint8Array;
}

/**
 * What Device OS up to 3.0 sends after a resume, until it has heard from the server: a record of type 254 with the device id (12 bytes) and the id's length
 * behind it (protocol section 1.5).
 * @returns undefined for anything else
 */
export function movedDatagram(bytes: Uint8Array): MovedDatagram | undefined {
  const end = bytes.length - TRAILER_LENGTH;
  if (bytes[0] !== ContentType.MOVED_DEVICE_ID || end < RECORD_HEADER_LENGTH) return undefined;
  if (bytes[bytes.length - 1] !== DEVICE_ID_LENGTH) return undefined;
  const datagram = new Uint8Array(bytes.subarray(0, end));
  datagram[0] = ContentType.APPLICATION_DATA;
  return { deviceId: deviceIdFromBytes(bytes.subarray(end, end + DEVICE_ID_LENGTH)), datagram };
}
