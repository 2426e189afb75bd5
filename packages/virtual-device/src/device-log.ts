import type { Logger } from '@cloudchamber/kernel';

/** A log whose lines all name the device. */
export function deviceLog(log: Logger, deviceId: string): Logger {
  return {
    debug: (fields, message) => log.debug({ deviceId, ...fields }, message),
    info: (fields, message) => log.info({ deviceId, ...fields }, message),
    warn: (fields, message) => log.warn({ deviceId, ...fields }, message),
    error: (fields, message) => log.error({ deviceId, ...fields }, message),
  };
}
