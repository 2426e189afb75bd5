import type { DeviceId } from '@cloudchamber/kernel';
import type { DeviceVariableType } from '@cloudchamber/wire';

/** A device as the cloud knows it; times are ms UTC, null stands for what nobody has told yet. */
export interface Device {
  readonly id: DeviceId;
  readonly name: string;
  readonly ownerId: string | null;
  readonly productId: number | null;
  readonly platformId: number;
  readonly firmwareVersion: number | null;
  readonly systemVersion: number | null;
  readonly publicKey: Uint8Array | null;
  readonly notes: string | null;
  readonly functions: readonly string[] | null;
  readonly variables: Readonly<Record<string, DeviceVariableType>> | null;
  /** JSON text of the last system Describe. */
  readonly systemDescribe: string | null;
  readonly safeMode: boolean;
  readonly updatesEnabled: boolean | null;
  readonly updatesForced: boolean;
  readonly lastHeard: number | null;
  readonly lastHandshakeAt: number | null;
  readonly lastIp: string | null;
  readonly serialNumber: string | null;
  readonly iccid: string | null;
  readonly imei: string | null;
  readonly claimedAt: number | null;
  /** The product that its firmware announces; null when that is the platform's own number or none. */
  readonly firmwareProductId: number | null;
  /** No firmware of the product is sent to it by itself (DEV-01). */
  readonly development: boolean;
  /** The product firmware that it is locked to (OTA-12). */
  readonly desiredFirmwareVersion: number | null;
  readonly updatedAt: number;
}
