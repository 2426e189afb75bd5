import type { FirmwareFileFacts } from './firmware-file.ts';

/**
 * Why the cloud will refuse a file, as far as the file itself tells (OTA-03, OTA-04).
 * @param version as the form has it
 */
export function fileProblems(
  facts: FirmwareFileFacts,
  product: { readonly id: number; readonly name: string; readonly platform_id: number },
  version: number,
): string[] {
  const problems: string[] = [];
  if (facts.platformId !== product.platform_id) {
    problems.push(
      `It is for platform ${facts.platformId}; the devices of ${product.name} are of ${product.platform_id}.`,
    );
  }
  if (facts.productId === undefined) {
    problems.push(`It has no product id: compile it with PRODUCT_ID(${product.id}).`);
  } else if (facts.productId !== product.id && facts.productId !== facts.platformId) {
    problems.push(`It is compiled for product ${facts.productId}; ${product.name} is product ${product.id}.`);
  }
  if (facts.version === undefined) {
    problems.push('It has no version: compile it with PRODUCT_VERSION.');
  } else if (facts.version !== version) {
    problems.push(`It is compiled as version ${facts.version}; the form says ${version}.`);
  }
  return problems;
}
