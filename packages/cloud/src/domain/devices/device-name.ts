import type { DeviceId } from '@cloudchamber/kernel';
import { invalidInput } from './device-errors.ts';

const MAX_CHARACTERS = 200;

/** The name of a device that nobody named yet. */
export function defaultName(id: DeviceId): string {
  return `device-${id.slice(-6)}`;
}

/**
 * A name as it is stored: without surrounding space, 1 to 200 characters, none of them a control character.
 * @throws DomainError `device.invalid`
 */
export function parseName(text: string): string {
  const name = text.trim();
  if (name === '' || [...name].length > MAX_CHARACTERS)
    throw invalidInput(`A name has 1 to ${MAX_CHARACTERS} characters`);
  if (/\p{Cc}/u.test(name)) throw invalidInput('A name has no control characters');
  return name;
}
