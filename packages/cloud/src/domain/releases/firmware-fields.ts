import { invalidFirmware } from './firmware-errors.ts';
import { HIGHEST_VERSION, LOWEST_VERSION } from './firmware-version.ts';

const LONGEST_TITLE = 200;
const LONGEST_DESCRIPTION = 2000;
const LONGEST_FILE_NAME = 200;

/** Control characters other than tabs and ends of lines, and halves of characters. */
const CONTROL = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
const INVISIBLE = /[\p{Cc}\p{Cs}]/gu;

/** A version as a form or JSON has it. @throws DomainError `firmware.invalid` for all but the integers from 1 to 65535 (OTA-04) */
export function parseVersion(value: string | number | undefined): number {
  if (value === undefined || value === '') throw invalidFirmware('version is missing: send the PRODUCT_VERSION');
  const version = toVersion(value);
  if (version !== undefined) return version;
  throw invalidFirmware(`version must be an integer from ${LOWEST_VERSION} to ${HIGHEST_VERSION}`);
}

/** @returns undefined when it can be no version. */
export function toVersion(value: string | number): number | undefined {
  const version = typeof value === 'number' ? value : /^\d{1,5}$/.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isInteger(version) && version >= LOWEST_VERSION && version <= HIGHEST_VERSION ? version : undefined;
}

/** @returns the title without blanks around it. @throws DomainError `firmware.invalid` */
export function parseTitle(text: string | undefined): string {
  const title = text?.trim() ?? '';
  if (title === '') throw invalidFirmware('title is missing: each version has a title of its own');
  if ([...title].length <= LONGEST_TITLE && title.replace(INVISIBLE, '') === title) return title;
  throw invalidFirmware(`title has at most ${LONGEST_TITLE} characters, none of them a control character`);
}

/** @throws DomainError `firmware.invalid` */
export function parseDescription(text: string): string {
  const description = text.trim();
  if ([...description].length <= LONGEST_DESCRIPTION && !CONTROL.test(description)) return description;
  throw invalidFirmware(`description has at most ${LONGEST_DESCRIPTION} characters, none of them a control character`);
}

/** The last part of what a client calls its file, fit to be shown. */
export function fileNameOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1)?.replace(INVISIBLE, '').trim() ?? '';
  return last === '' ? 'firmware.bin' : last.slice(-LONGEST_FILE_NAME);
}
