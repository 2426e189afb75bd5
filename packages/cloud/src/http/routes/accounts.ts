import type { AccountServices } from '../../domain/accounts/index.ts';
import type { RouteModule } from '../server.ts';
import { clientRouteModule } from './clients.ts';
import { tokenRouteModule } from './tokens.ts';
import { type CountDevices, userRouteModule } from './users.ts';

/** Everything of `contract/accounts`. */
export function accountRouteModule(services: AccountServices, countDevices: CountDevices): RouteModule {
  const modules = [userRouteModule(services, countDevices), tokenRouteModule(services), clientRouteModule(services)];
  return (app) => {
    for (const register of modules) register(app);
  };
}
