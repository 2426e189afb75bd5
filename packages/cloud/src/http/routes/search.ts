import { searchRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Ambient } from '../../domain/context.ts';
import { ownerNameOf, type SearchResult, searchAccount, searchOrganization } from '../../domain/devices/index.ts';
import type { Product } from '../../domain/products/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceBody } from './devices-body.ts';
import { organizationsOfProducts, productBodies } from './products-body.ts';

interface Parts {
  readonly commands: DeviceCommands;
}

type Kind = 'device' | 'product' | 'sim';

/** The most hits of each kind (section 9 of the product notes). */
const LIMIT = 10;

/** Everything of `contract/search`. */
export function searchRouteModule({ commands }: Parts): RouteModule {
  const render = async (ctx: Pick<Ambient, 'store'>, result: SearchResult) => {
    const { devices, products, owners, seen, hasMore } = result;
    const homes = devices.map(({ productId }) => (productId === null ? undefined : seen.get(productId)));
    const organizations = await organizationsOfProducts(ctx, [
      ...products,
      ...homes.filter((home) => home !== undefined),
    ]);
    const placeOf = (product: Product | undefined) => {
      const organization = product && organizations.get(product.owner.id);
      return { org: organization?.slug ?? null, orgName: organization?.name ?? null };
    };
    const bodies = await productBodies(ctx, products);
    return {
      ok: true as const,
      results: [
        ...devices.map((device, at) => ({
          type: 'device' as const,
          ...placeOf(homes[at]),
          device: deviceBody(device, ownerNameOf(owners, device), commands.isOnline(device.id)),
        })),
        ...bodies.map((product, at) => ({ type: 'product' as const, ...placeOf(products[at]), product })),
      ],
      hasMore,
    };
  };
  return (app) => {
    registerRoute(app, searchRoutes.searchAccount, async ({ ctx, query }) =>
      render(ctx, await searchAccount(ctx, inputOf(query))),
    );
    registerRoute(app, searchRoutes.searchOrganization, async ({ ctx, query }) =>
      render(ctx, await searchOrganization(ctx, inputOf(query))),
    );
  };
}

function inputOf({ text, type }: { readonly text: string; readonly type?: readonly Kind[] | undefined }) {
  const wants = (kind: Kind) => type === undefined || type.includes(kind);
  return { text, devices: wants('device'), products: wants('product'), limit: LIMIT };
}
