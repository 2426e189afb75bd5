import { formatTimestamp } from '@cloudchamber/contract';
import type { ListedFirmware } from '../../domain/releases/index.ts';

/** A version as section 4 of the product notes shows it. */
export function firmwareBody(firmware: ListedFirmware) {
  const uploadedAt = formatTimestamp(firmware.uploadedAt);
  return {
    _id: firmware.id,
    version: firmware.version,
    title: firmware.title,
    description: firmware.description,
    name: firmware.fileName,
    size: firmware.size,
    product_default: firmware.isDefault,
    current: firmware.isDefault,
    groups: [...firmware.groups],
    mandatory: firmware.mandatory,
    device_count: firmware.deviceCount,
    uploaded_on: uploadedAt,
    uploaded_at: uploadedAt,
    uploaded_by: { username: firmware.uploaderName },
    product_id: firmware.productId,
    updated_at: formatTimestamp(firmware.updatedAt),
    archived: firmware.archivedAt !== null,
    bundle: firmware.kind === 'bundle',
    first_run_at: firmware.firstRunAt === null ? null : formatTimestamp(firmware.firstRunAt),
    first_released_at: firmware.firstReleasedAt === null ? null : formatTimestamp(firmware.firstReleasedAt),
  };
}
