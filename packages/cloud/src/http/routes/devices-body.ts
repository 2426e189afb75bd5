import { type deviceRoutes, formatTimestamp, type productDeviceRoutes } from '@cloudchamber/contract';
import { type DeviceVariableType, isCellular } from '@cloudchamber/wire';
import type { z } from 'zod';
import { type Device, formatSystemVersion, type ProductDevice } from '../../domain/devices/index.ts';

export type ProductDeviceBody = z.output<(typeof productDeviceRoutes.getProductDevice.responses)[200]>;
export type DeviceBody = z.output<(typeof deviceRoutes.getDevice.responses)[200]>;

const VARIABLE_TYPES = { bool: 'bool', int: 'int32', string: 'string', double: 'double' } as const satisfies Record<
  DeviceVariableType,
  string
>;

/** The device object of the API (section 1 of the device notes). `owner` is the e-mail of whoever owns it, `online` what the gateway knows now. */
export function deviceBody(device: Device, owner: string | null, online: boolean): DeviceBody {
  const cellular = isCellular(device.platformId);
  const systemVersion = (device.systemVersion !== null && formatSystemVersion(device.systemVersion)) || null;
  return {
    id: device.id,
    name: device.name,
    owner,
    last_ip_address: device.lastIp,
    last_heard: timeOrNull(device.lastHeard),
    last_handshake_at: timeOrNull(device.lastHandshakeAt),
    product_id: device.productId ?? device.platformId,
    online,
    connected: online,
    platform_id: device.platformId,
    cellular,
    notes: device.notes,
    functions: device.functions === null ? null : [...device.functions],
    variables: variablesOf(device),
    status: device.safeMode ? 'safe_mode' : 'normal',
    serial_number: device.serialNumber,
    ...(cellular && { iccid: device.iccid, last_iccid: device.iccid, imei: device.imei }),
    mobile_secret: null,
    system_firmware_version: systemVersion,
    current_build_target: systemVersion,
    pinned_build_target: null,
    default_build_target: null,
    firmware_updates_enabled: device.updatesEnabled ?? true,
    firmware_updates_forced: device.updatesForced,
    device_protection: { status: 'disabled' },
  };
}

/** As `deviceBody`, with what the routes of a product show beside it. `targeted` is the version that is released to the device. */
export function productDeviceBody(
  { device, groups, quarantined, denied }: ProductDevice,
  owner: string | null,
  online: boolean,
  targeted: number | undefined,
): ProductDeviceBody {
  return {
    ...deviceBody(device, owner, online),
    firmware_product_id: device.firmwareProductId,
    groups: [...groups],
    firmware_version: device.firmwareVersion,
    desired_firmware_version: device.desiredFirmwareVersion,
    targeted_firmware_release_version: targeted ?? null,
    development: device.development,
    quarantined,
    denied,
  };
}

export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTimestamp(ms);
}

function variablesOf(device: Device): DeviceBody['variables'] {
  if (device.variables === null) return null;
  return Object.fromEntries(Object.entries(device.variables).map(([name, type]) => [name, VARIABLE_TYPES[type]]));
}
