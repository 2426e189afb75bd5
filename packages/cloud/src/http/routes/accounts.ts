import type { AccountServices } from '../../domain/accounts/index.ts';
import type { RouteModule } from '../server.ts';
import type { AccountHooks } from './account-hooks.ts';
import { clientRouteModule } from './clients.ts';
import { mailPageModule } from './mail-pages.ts';
import { mfaRouteModule } from './mfa.ts';
import { tokenRouteModule } from './tokens.ts';
import { userRouteModule } from './users.ts';

export type { AccountHooks } from './account-hooks.ts';

const NO_HOOKS: AccountHooks = {
  countDevices: async () => ({ wifi: 0, cellular: 0 }),
  memberships: async () => [],
  organizations: async () => [],
  placesOf: [],
  endings: [],
};

/**
 * Everything of `contract/accounts` and `contract/oauth` that is an account's.
 * @param hooks what is left out finds nothing and does nothing.
 */
export function accountRouteModule(services: AccountServices, hooks: Partial<AccountHooks> = {}): RouteModule {
  const all = { ...NO_HOOKS, ...hooks };
  const modules = [
    userRouteModule(services, all),
    mfaRouteModule(services),
    mailPageModule(services),
    tokenRouteModule(services, all),
    clientRouteModule(services),
  ];
  return (app) => {
    for (const register of modules) register(app);
  };
}
