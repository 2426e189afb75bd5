import { simRoutes } from '@cloudchamber/contract';
import { DomainError } from '../../domain/domain-error.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** SIM cards are a carrier's, and there is none here (API-33): empty lists, and 404 for each. */
export function simRouteModule(): RouteModule {
  return (app) => {
    const none = () => ({ sims: [], meta: { total_pages: 0 } });
    registerRoute(app, simRoutes.listSims, none);
    registerRoute(app, simRoutes.listProductSims, none);
    registerRoute(app, simRoutes.getSim, unknown);
    // Not in the contract: OpenAPI documents have no HEAD here. The client asks so whether it knows a card.
    app.fastify.head('/v1/sims/:iccid', async (_request, reply) => reply.code(404).send());
    registerRoute(app, simRoutes.getSimStatus, unknown);
    registerRoute(app, simRoutes.getSimUsage, unknown);
    registerRoute(app, simRoutes.updateSim, unknown);
    registerRoute(app, simRoutes.removeSim, unknown);
    registerRoute(app, simRoutes.getProductSim, unknown);
    registerRoute(app, simRoutes.getProductSimStatus, unknown);
    registerRoute(app, simRoutes.getProductSimUsage, unknown);
    registerRoute(app, simRoutes.getFleetSimUsage, unknown);
    registerRoute(app, simRoutes.importSims, unknown);
    registerRoute(app, simRoutes.updateProductSim, unknown);
    registerRoute(app, simRoutes.removeProductSim, unknown);
  };
}

/** @throws DomainError `sim_not_found`, always */
function unknown(): never {
  throw new DomainError('not_found', 'sim_not_found', 'This server manages no SIM cards: use one of any carrier');
}
