/** Is the device in a product? One in none has the id of its platform there, and products begin at 1000 (PRD-05). */
export function isInProduct(device: { readonly product_id: number; readonly platform_id: number }): boolean {
  return device.product_id !== device.platform_id;
}
