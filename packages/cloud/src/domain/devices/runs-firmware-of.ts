import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** For rows of a product's members: is their firmware that product's? As `runningVersion`. */
export function runsFirmwareOf(productId: number) {
  return (where: ExpressionBuilder<Tables, 'devices'>): ExpressionWrapper<Tables, 'devices', SqlBool> =>
    where.or([where('devices.firmware_product_id', '=', productId), where('devices.firmware_product_id', 'is', null)]);
}
