import { accountRoutes } from '@cloudchamber/contract';
import { type AccountServices, getUser, signUp, type UserContext } from '../../domain/accounts/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** How many devices of each kind the account of `ctx` owns. */
export type CountDevices = (ctx: UserContext) => Promise<{ readonly wifi: number; readonly cellular: number }>;

/** Accounts: section 7 of the API notes. */
export function userRouteModule(services: AccountServices, countDevices: CountDevices): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.createUser, async ({ ctx, body }) => {
      const { username, password, account_info: info } = body;
      const accountInfo = Object.fromEntries(Object.entries(info ?? {}).filter(([, value]) => value !== undefined));
      const user = await signUp(ctx, services, { username, password, accountInfo });
      return { ok: true as const, message: 'The account is ready', id: user.id, username: user.username };
    });
    registerRoute(app, accountRoutes.getUser, async ({ ctx }) => {
      const [user, devices] = await Promise.all([getUser(ctx, ctx.actor.userId), countDevices(ctx)]);
      return {
        username: user.username,
        subscription_ids: [],
        tos: 1,
        account_info: user.accountInfo,
        mfa: { enabled: false },
        memberships: [],
        scim_provisioned: false,
        no_password: false,
        wifi_device_count: devices.wifi,
        cellular_device_count: devices.cellular,
      };
    });
    registerRoute(app, accountRoutes.identifyUser, ({ ctx }) => ({
      id: ctx.actor.userId,
      email: ctx.actor.username,
    }));
  };
}
