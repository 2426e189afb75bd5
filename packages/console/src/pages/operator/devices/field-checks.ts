import { parsedDeviceId } from '../../../data/device-id.ts';

/** @returns what is wrong with it as a device id, or null */
export const deviceIdProblem = (text: string): string | null =>
  parsedDeviceId(text) === undefined ? 'A device ID has 24 hexadecimal digits' : null;

/** @returns what is wrong with it as an e-mail address, or null */
export const emailProblem = (text: string): string | null =>
  /^\S+@\S+$/.test(text.trim()) ? null : 'An e-mail address';
