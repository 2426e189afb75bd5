import type { DeviceNames } from './use-device-names.ts';

/** @returns the name of the device, else its id; who else published it in words */
export function publisherText(publisher: string, names: DeviceNames): string {
  if (publisher === 'api') return 'API';
  if (publisher === 'particle-internal') return 'This cloud';
  return names.get(publisher) ?? publisher;
}
