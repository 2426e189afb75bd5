import { invalidInput } from './device-errors.ts';
import { tooManyDevices } from './product-device-errors.ts';

export interface DeviceListFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Lines of a file, and ids of a request. */
export const MAX_IMPORTED = 10_000;

/**
 * The lines of a text file with one device a line (PRD-11). LF and CRLF end a line; blank lines and a byte order mark are passed over.
 * @throws DomainError `device.invalid` for what is not a text file, `device.too_many`.
 */
export function readDeviceList({ name, content }: DeviceListFile): string[] {
  if (/\.(zip|bin)$/i.test(name)) throw notText();
  const lines = textOf(content)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > MAX_IMPORTED) throw tooManyDevices(MAX_IMPORTED);
  return lines;
}

function textOf(content: Uint8Array): string {
  try {
    // A byte order mark is dropped.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (!/\p{Cc}/u.test(text.replaceAll(/[\t\r\n]/g, ''))) return text;
  } catch {
    // Not UTF-8: not text.
  }
  throw notText();
}

const notText = () => invalidInput('The file must be a text file with one device id a line');
