import { findPlatform } from '@cloudchamber/wire';
import type { PortInfo } from './serial-host.ts';

/** A port that a device is behind. */
export interface DevicePort {
  readonly path: string;
  /** Undefined where no USB ids were seen. */
  readonly platformId: number | undefined;
  readonly type: string;
  /** 24 hex digits; most devices have it as their USB serial number. */
  readonly deviceId: string | undefined;
}

/** The first boards had their maker's, with one product id. */
const CORE = new Set(['1d50:607d', '2b04:607d']);
const CORE_PLATFORM = 0;
/** Of Particle. A device that runs Device OS is `c0` and the number of its platform. */
const VENDOR = '2b04';

/** The device behind a port, or undefined where its USB ids are of something else. */
export function knownPort(port: PortInfo): DevicePort | undefined {
  const vendor = (port.vendorId ?? /VID_([0-9A-F]{4})/i.exec(port.pnpId ?? '')?.[1])?.toLowerCase();
  const product = (port.productId ?? /PID_([0-9A-F]{4})/i.exec(port.pnpId ?? '')?.[1])?.toLowerCase();
  if (vendor === undefined || product === undefined) return undefined;
  const platformId = CORE.has(`${vendor}:${product}`)
    ? CORE_PLATFORM
    : vendor === VENDOR && product.startsWith('c0')
      ? Number.parseInt(product.slice(2), 16)
      : undefined;
  if (platformId === undefined) return undefined;
  return {
    path: port.path,
    platformId,
    type: findPlatform(platformId)?.displayName ?? `device ${vendor}:${product}`,
    deviceId: /[0-9a-f]{24}/i.exec(`${port.serialNumber ?? ''} ${port.pnpId ?? ''}`)?.[0]?.toLowerCase(),
  };
}
