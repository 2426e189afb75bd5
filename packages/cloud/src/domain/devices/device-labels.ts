import { invalidInput } from './device-errors.ts';
import type { DeviceChanges } from './device-store.ts';

/** What is printed on a device, its modem and its SIM. Left out: as it was; null or blank: none. */
export interface DeviceLabels {
  /** 1 to 64 printable characters of ASCII. */
  readonly serialNumber?: string | null | undefined;
  /** 15 digits. */
  readonly imei?: string | null | undefined;
  /** 19 or 20 digits. */
  readonly iccid?: string | null | undefined;
}

const MAX_SERIAL_CHARACTERS = 64;

/**
 * Labels as they are stored: without surrounding space, serial numbers in capitals, as devices say them.
 * @throws DomainError `device.invalid`
 */
export function parseLabels({ serialNumber, imei, iccid }: DeviceLabels): DeviceChanges {
  return {
    ...(serialNumber !== undefined && { serial_number: parseSerialNumber(trimmed(serialNumber)) }),
    ...(imei !== undefined && { imei: parseDigits(trimmed(imei), /^\d{15}$/, 'An imei has 15 digits') }),
    ...(iccid !== undefined && { iccid: parseDigits(trimmed(iccid), /^\d{19,20}$/, 'An iccid has 19 or 20 digits') }),
  };
}

function trimmed(text: string | null): string | null {
  return text?.trim() || null;
}

function parseSerialNumber(text: string | null): string | null {
  if (text === null) return null;
  if (text.length > MAX_SERIAL_CHARACTERS || !/^[\x20-\x7e]+$/.test(text)) {
    throw invalidInput(`A serial number has at most ${MAX_SERIAL_CHARACTERS} characters, all of them printable ASCII`);
  }
  return text.toUpperCase();
}

function parseDigits(text: string | null, shape: RegExp, sentence: string): string | null {
  if (text !== null && !shape.test(text)) throw invalidInput(sentence);
  return text;
}
