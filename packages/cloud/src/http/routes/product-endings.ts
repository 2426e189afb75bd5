import type { Bus } from '../../bus/index.ts';
import type { AccountServices } from '../../domain/accounts/index.ts';
import { endProductCustomers } from '../../domain/customers/index.ts';
import { endProductClaims, endProductDevices, releaseDevicesOf } from '../../domain/devices/index.ts';
import { endIntegrations } from '../../domain/integrations/index.ts';
import { endProductAccess, type ProductEnding } from '../../domain/products/index.ts';
import { endProductFirmware } from '../../domain/releases/index.ts';
import { endTeam } from '../../domain/teams/index.ts';

interface Parts {
  readonly accounts: AccountServices;
  readonly bus: Bus;
}

/** Everything that ends with a product, in this order. */
export function productEndings({ accounts, bus }: Parts): readonly ProductEnding[] {
  return [
    (db, productId) => endTeam(accounts, db, { kind: 'product', id: String(productId) }),
    endProductAccess(accounts),
    endProductCustomers(accounts, (db, ownerIds, at) => releaseDevicesOf(db, bus, ownerIds, at)),
    endProductClaims,
    endProductDevices(bus),
    endProductFirmware,
    (db, productId) => endIntegrations(db, { bus }, { kind: 'product', id: String(productId) }),
  ];
}
