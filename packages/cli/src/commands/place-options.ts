import { textOption } from '../program/parameters.ts';

/** For commands that work in the account, in a product and in an organization alike; `placeOf` reads them. */
export const placeOptions = {
  product: textOption('--product <product>', 'of this product, by its id or slug', { complete: 'product' }),
  org: textOption('--org <organization>', 'of this organization, by its id or slug', { complete: 'organization' }),
};
