export { createOrganizationProduct, createOwnProduct, type NewProduct } from './create-product.ts';
export { enterProduct, productRole } from './enter-product.ts';
export {
  findOwnedProductNames,
  listOrganizationProducts,
  listOwnProducts,
  listProducts,
} from './list-products.ts';
export {
  type Product,
  type ProductChange,
  type ProductContext,
  type ProductSettings,
  productChanges,
} from './product.ts';
export { ProductDirectory } from './product-directory.ts';
export { productPeople } from './product-people.ts';
export { findGroupNames, findProduct } from './product-store.ts';
export { endProductAccess, type ProductEnding, removeProduct } from './remove-product.ts';
export { transferToAccount, transferToOrganization } from './transfer-product.ts';
export { updateProduct } from './update-product.ts';
