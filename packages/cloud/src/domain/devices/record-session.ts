import type { ConnectAttempt } from '@cloudchamber/gateway';
import { announcedFirmware } from './announced-firmware.ts';
import { changeDevice } from './device-store.ts';
import type { DeviceWrites } from './device-writes.ts';

/**
 * Stores what a device said of itself in Hello. Safe mode ends here: a device that still is in it says so again after each Hello.
 * @param serverKey fingerprint of the cloud's key that its handshake showed it to hold; absent when there was none
 */
export function recordSession(writes: DeviceWrites, attempt: ConnectAttempt, serverKey?: string): Promise<void> {
  const { hello, at } = attempt;
  const { firmwareProductId, firmwareVersion } = announcedFirmware(hello);
  return writes.run((db) =>
    changeDevice(db, attempt.deviceId, {
      platform_id: hello.platformId,
      firmware_product_id: firmwareProductId,
      firmware_version: firmwareVersion,
      ...(hello.systemVersion !== undefined && { system_version: hello.systemVersion }),
      safe_mode: 0,
      last_ip: attempt.address,
      ...(serverKey !== undefined && { server_key: serverKey }),
      last_handshake_at: at,
      last_heard: at,
    }),
  );
}
