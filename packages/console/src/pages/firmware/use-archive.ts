import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import type { Version } from './releases.ts';

/** Puts a version away, or takes it out again: an archived one can neither be released nor locked to. */
export function useArchive(product: string, { version, archived }: Version) {
  return useChange({
    run: () =>
      api.call('updateProductFirmware', {
        params: { productIdOrSlug: product, version: String(version) },
        body: { archived: !archived },
      }),
    changes: ['listProductFirmware', 'getProductFirmware'],
    done: () => (archived ? `Version ${version} is in use again` : `Version ${version} is archived`),
  });
}
