import type { DeviceIdentity } from './read-device.ts';

/** CLI-42: what a device says that it is. */
export function identifyText({ deviceId, imei, iccid, firmwareVersion }: DeviceIdentity): string[] {
  return [
    `Your device id is ${deviceId}`,
    ...(imei === undefined ? [] : [`Your IMEI is ${imei}`]),
    ...(iccid === undefined ? [] : [`Your ICCID is ${iccid}`]),
    `Your system firmware version is ${firmwareVersion}`,
  ];
}
