import { useCan } from '../../data/permissions.ts';

/** May the person change anything of the product's devices? */
export function useMayEdit(product: string): boolean {
  const can = useCan({ kind: 'product', product });
  return can('devices:update') || can('devices:remove') || can('devices:release');
}
