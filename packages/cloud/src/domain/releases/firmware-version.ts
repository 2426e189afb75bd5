/** A version of a product's firmware (section 4 of the product notes). Times are ms UTC. */
export interface FirmwareVersion {
  /** 24 hex digits. */
  readonly id: string;
  readonly productId: number;
  /** 1 to 65535, as compiled into the application (OTA-04). */
  readonly version: number;
  /** Distinct within the product (OTA-05). */
  readonly title: string;
  readonly description: string;
  readonly mandatory: boolean;
  readonly fileName: string;
  /** Of the file as it was uploaded, in bytes. */
  readonly size: number;
  /** The blob with that file. */
  readonly fileHash: string;
  readonly kind: 'binary' | 'bundle';
  /** SHA-256 of the application, hex. */
  readonly applicationHash: string | null;
  /** The account, API user or product. */
  readonly uploadedBy: string;
  /** Its e-mail or name at that time. */
  readonly uploaderName: string | null;
  readonly uploadedAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
  /** When a device of the product first said Hello with it (OTA-08). */
  readonly firstRunAt: number | null;
  readonly firstReleasedAt: number | null;
}

/** A version with what its product does with it. */
export interface ListedFirmware extends FirmwareVersion {
  /** It is the product's default. */
  readonly isDefault: boolean;
  /** The groups that it is released to, in order. */
  readonly groups: readonly string[];
  /** Devices of the product that run it. */
  readonly deviceCount: number;
}

/** Versions of one product. */
export const MAX_VERSIONS = 2000;

export const LOWEST_VERSION = 1;
export const HIGHEST_VERSION = 65_535;

/** What a file has that was compiled without PRODUCT_VERSION; it can be meant all the same. */
export const NO_VERSION = 65_535;
