import { permissionRoutes, SCOPES } from '@cloudchamber/contract';
import { permissionsOf, type Role } from '../../domain/authorization/index.ts';
import type { TokenActor } from '../../domain/context.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** Everything of `contract/permissions`. */
export function permissionRouteModule(): RouteModule {
  return (app) => {
    registerRoute(app, permissionRoutes.getProductPermissions, async ({ ctx }) => permissionBody(ctx));
    registerRoute(app, permissionRoutes.getOrganizationPermissions, async ({ ctx }) => permissionBody(ctx));
  };
}

/** What somebody may do in the place that he has entered, in the order of the contract's list (section 5 of the product notes). */
function permissionBody({ actor, role }: { readonly actor: TokenActor; readonly role: Role | undefined }) {
  const has = permissionsOf(actor, role);
  return { role: role ?? null, scopes: SCOPES.filter((scope) => has.has(scope)) };
}
