import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { inProduct } from '../products/find-product.ts';

const MOST_NAME_BYTES = 64;
const MOST_DATA_BYTES = 1024;

interface Publication {
  readonly name: string;
  readonly data: string | undefined;
  /** Id or slug; to the streams and devices of the account when left out. */
  readonly product: string | undefined;
}

/** Publishes one event. @throws CliError of kind `usage` for what the cloud would not take, before it is asked */
export async function publish({ cloud }: Pick<Context, 'cloud'>, { name, data, product }: Publication): Promise<void> {
  checkName(name);
  checkData(data);
  const body = { name, ...(data !== undefined && { data }), private: true };
  if (product === undefined) await cloud.call('publishEvent', { body });
  else await inProduct(product, cloud.call('publishProductEvent', { params: { productIdOrSlug: product }, body }));
}

function checkName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0) throw usageError('The event has no name');
  if (bytes > MOST_NAME_BYTES)
    throw usageError(`The name of an event has at most ${MOST_NAME_BYTES} bytes; this one has ${bytes}`);
  if (/^(spark|particle)/i.test(name))
    throw usageError('Names that begin with "spark" or "particle" are for the cloud itself');
}

function checkData(data: string | undefined): void {
  const bytes = Buffer.byteLength(data ?? '');
  if (bytes > MOST_DATA_BYTES)
    throw usageError(`The data of an event have at most ${MOST_DATA_BYTES} bytes; these have ${bytes}`);
}
