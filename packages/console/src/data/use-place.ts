import { useParams } from '@tanstack/react-router';
import { type Place, SANDBOX } from './place.ts';

/** @returns whose pages the person is in, by the address */
export function usePlace(): Place {
  const { product, organization } = useParams({ strict: false });
  if (product !== undefined) return { kind: 'product', product };
  if (organization !== undefined) return { kind: 'organization', organization };
  return SANDBOX;
}
