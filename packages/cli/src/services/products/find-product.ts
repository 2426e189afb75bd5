import { ApiError, type Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError } from '../../failure/cli-error.ts';

export type Product = Output<'getProduct'>['product'];

/**
 * Looks a product up by its id or slug.
 * @throws CliError of kind `not-found` when there is none that the caller can see; of kind `forbidden` when the role does not let him look
 */
export async function findProduct(cloud: Pick<Cloud, 'call'>, product: string): Promise<Product> {
  return (await inProduct(product, cloud.call('getProduct', { params: { productIdOrSlug: product } }))).product;
}

/**
 * Waits for a call that a product's route answers, and words the cloud's refusal of an unknown product, which spares a request to look the product up first. A
 * foreign product is refused as an unknown one.
 * @param product id or slug, as it was given @throws CliError of kind `not-found` when there is no such product that the caller can see; whatever else the call throws
 */
export async function inProduct<T>(product: string, call: Promise<T>): Promise<T> {
  return ofPlace(call, `There is no product "${product}" that you can see`, 'See "chamber product list".');
}

/** As `inProduct`, for an organization. */
export async function inOrganization<T>(organization: string, call: Promise<T>): Promise<T> {
  return ofPlace(call, `There is no organization "${organization}" that you can see`, 'See "chamber org list".');
}

async function ofPlace<T>(call: Promise<T>, unknown: string, next: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    // A role that is too weak is named behind these words.
    if (!(error instanceof ApiError) || error.status !== 403 || error.message !== 'Permission denied') throw error;
    throw new CliError('not-found', unknown, { next, status: 403, requestId: error.requestId, cause: error });
  }
}
