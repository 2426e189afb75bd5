import type { ProductFirmwareRow } from '../../store/tables/fleets.ts';

/** For tests: a version of a product's firmware, with what is not said here. */
export function versionRow(
  productId: number,
  version: number,
  more: Partial<ProductFirmwareRow> = {},
): ProductFirmwareRow {
  return {
    product_id: productId,
    version,
    id: `${productId}`.padStart(12, '0') + `${version}`.padStart(12, '0'),
    title: `Version ${version}`,
    description: '',
    file_name: 'firmware.bin',
    size: 1,
    mandatory: 0,
    file_hash: '',
    kind: 'binary',
    uploaded_by: 'system',
    uploader_name: null,
    application_hash: null,
    uploaded_at: 1,
    updated_at: 1,
    archived_at: null,
    first_run_at: 1,
    first_released_at: null,
    ...more,
  };
}
