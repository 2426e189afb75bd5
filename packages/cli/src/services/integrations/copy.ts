import type { Context } from '../../program/context.ts';
import { inProduct } from '../products/find-product.ts';
import { masked } from './create.ts';
import type { NewIntegration } from './integrations-of.ts';
import { keepingSecret } from './secret-file.ts';

interface Copy {
  /** Of an integration of the account. */
  readonly id: string;
  /** Id or slug. */
  readonly product: string;
  readonly move: boolean;
  readonly secretFile: string | undefined;
}

/** Copies or moves an integration into a product. @returns the copy, its signing secret masked */
export async function copyIntegration(
  context: Pick<Context, 'cloud' | 'cwd'>,
  { id, product, move, secretFile }: Copy,
): Promise<NewIntegration> {
  const input = { params: { productIdOrSlug: product }, body: { id, move } };
  const make = (): Promise<NewIntegration> => inProduct(product, context.cloud.call('copyIntegration', input));
  return masked(await keepingSecret(context, secretFile, make));
}
