declare const deviceIdBrand: unique symbol;

/** 24 lower-case hex digits: the 12 bytes that a device calls itself by (protocol section 5.1). */
export type DeviceId = string & { readonly [deviceIdBrand]: true };

const DEVICE_ID = /^[0-9a-f]{24}$/;

/** The device id in `text`, compared without case, or undefined when it is not one. */
export function parseDeviceId(text: string): DeviceId | undefined {
  const lower = text.toLowerCase();
  return DEVICE_ID.test(lower) ? (lower as DeviceId) : undefined;
}

/** The device id that 12 bytes stand for. */
export function deviceIdFromBytes(bytes: Uint8Array): DeviceId {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') as DeviceId;
}
