import { productRoutes } from '@cloudchamber/contract';
import { platforms } from '@cloudchamber/wire';
import type { Bus } from '../../bus/index.ts';
import type { AccountServices } from '../../domain/accounts/index.ts';
import {
  createOrganizationProduct,
  createOwnProduct,
  listOrganizationProducts,
  listOwnProducts,
  listProducts,
  type NewProduct,
  removeProduct,
  transferToAccount,
  transferToOrganization,
  updateProduct,
} from '../../domain/products/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { productEndings } from './product-endings.ts';
import { productBodies, productBody } from './products-body.ts';

interface Parts {
  readonly accounts: AccountServices;
  readonly bus: Bus;
}

/** Everything of `contract/products`. */
export function productRouteModule(parts: Parts): RouteModule {
  const { bus } = parts;
  return (app) => {
    const endings = productEndings(parts);
    registerRoute(app, productRoutes.listOwnProducts, async ({ ctx }) => ({
      products: await productBodies(ctx, await listOwnProducts(ctx)),
    }));
    registerRoute(app, productRoutes.listProducts, async ({ ctx }) => ({
      products: await productBodies(ctx, await listProducts(ctx)),
    }));
    registerRoute(app, productRoutes.listOrganizationProducts, async ({ ctx }) => ({
      products: await productBodies(ctx, await listOrganizationProducts(ctx)),
    }));
    registerRoute(app, productRoutes.getProduct, async ({ ctx }) => ({
      product: await productBody(ctx, ctx.product),
    }));
    registerRoute(app, productRoutes.createProduct, async ({ ctx, body }) => ({
      product: await productBody(ctx, await createOwnProduct(ctx, bus, newProduct(body))),
    }));
    registerRoute(app, productRoutes.createOrganizationProduct, async ({ ctx, body }) => ({
      product: await productBody(ctx, await createOrganizationProduct(ctx, bus, newProduct(body))),
    }));
    registerRoute(app, productRoutes.updateProduct, async ({ ctx, body }) => {
      const { platform_id: platformId, ...changes } = body;
      return { product: await productBody(ctx, await updateProduct(ctx, bus, { ...changes, platformId })) };
    });
    registerRoute(app, productRoutes.removeProduct, async ({ ctx }) => {
      await removeProduct(ctx, bus, endings);
      return undefined;
    });
    registerRoute(app, productRoutes.transferProduct, async ({ ctx, body }) => {
      const { organization, user = '' } = body;
      if (organization !== undefined) {
        return { product: await productBody(ctx, await transferToOrganization(ctx, bus, organization)) };
      }
      return { product: await productBody(ctx, await transferToAccount(ctx, bus, ctx.product.id, user)) };
    });
    registerRoute(app, productRoutes.transferProductToUser, async ({ ctx, params, body }) => ({
      product: await productBody(ctx, await transferToAccount(ctx, bus, params.productId, body.owner)),
    }));
    registerRoute(app, productRoutes.listPlatforms, async () => ({
      platforms: platforms.map(({ displayName, deviceTypes, wireless, ...platform }) => ({
        ...platform,
        display_name: displayName,
        device_types: [...deviceTypes],
        wireless: [...wireless],
      })),
    }));
  };
}

function newProduct(body: Omit<NewProduct, 'platformId'> & { readonly platform_id: number }): NewProduct {
  const { platform_id: platformId, ...rest } = body;
  return { ...rest, platformId };
}
