import { accountRoutes, formatTimestamp } from '@cloudchamber/contract';
import {
  type AccountServices,
  changePassword,
  changeUsername,
  deleteUser,
  getUser,
  inviteUser,
  listUsers,
  requestPasswordReset,
  requestVerification,
  resetPassword,
  signUp,
  type User,
  updateAccountInfo,
  verifyEmail,
} from '../../domain/accounts/index.ts';
import { permissionDenied } from '../../domain/authorization/index.ts';
import type { TokenActor, TokenContext } from '../../domain/context.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { registerRoute } from '../register-route.ts';
import { recognize } from '../route-door.ts';
import type { RouteModule } from '../server.ts';
import type { AccountHooks } from './account-hooks.ts';

const DEFAULT_PER_PAGE = 25;
const OK = { ok: true as const };
const NOBODY = { first_name: '', last_name: '', company_name: '', business_account: false };

/** Accounts: section 7 of the API notes. */
export function userRouteModule(services: AccountServices, hooks: AccountHooks): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.createUser, async ({ ctx, body }) => {
      const { username, password, account_info: info } = body;
      const user = await signUp(ctx, services, { username, password, accountInfo: given(info ?? {}) });
      const message = 'The account is ready; confirm the address with the link in the mail';
      return { ...OK, message, id: user.id, username: user.username };
    });
    registerRoute(app, accountRoutes.verifyUser, async ({ ctx, body, request }) => {
      recognize(request, await verifyEmail(ctx, body.token));
      return OK;
    });
    registerRoute(app, accountRoutes.requestVerification, async ({ ctx }) => {
      const sent = await requestVerification(ctx, services);
      return { ...OK, message: sent ? 'A mail is on its way' : 'The e-mail address is confirmed already' };
    });
    registerRoute(app, accountRoutes.getUser, async ({ ctx }) => {
      const { username } = identityOf(ctx.actor);
      const user = ctx.actor.kind === 'user' ? await getUser(ctx, ctx.actor.userId) : undefined;
      const devices = await countOwnDevices(ctx, hooks);
      return {
        username: user?.username ?? username,
        subscription_ids: [],
        tos: 1,
        account_info: user?.accountInfo ?? NOBODY,
        mfa: { enabled: user?.mfaEnabled ?? false },
        email_verified: user !== undefined && user.emailVerifiedAt !== null,
        memberships: user === undefined ? [] : [...(await hooks.memberships(ctx, user.id))],
        scim_provisioned: false,
        no_password: user === undefined || !user.hasPassword,
        wifi_device_count: devices.wifi,
        cellular_device_count: devices.cellular,
      };
    });
    registerRoute(app, accountRoutes.identifyUser, ({ ctx }) => {
      const { id, username } = identityOf(ctx.actor);
      return { id, email: username };
    });
    registerRoute(app, accountRoutes.updateUser, async ({ ctx, body, request }) => {
      const { account_info: info, username, password } = body;
      if ([info, username, password].filter((field) => field !== undefined).length !== 1) throw oneOfThree();
      if (info !== undefined) {
        await updateAccountInfo(ctx, given(info));
        return { ...OK, message: 'The account was changed' };
      }
      const confirmed = {
        currentPassword: requiredPassword(body.current_password),
        invalidateTokens: body.invalidate_tokens ?? false,
        address: request.ip,
      };
      if (username !== undefined) {
        await changeUsername(ctx, services, { ...confirmed, username });
        return { ...OK, message: 'The e-mail address was changed' };
      }
      await changePassword(ctx, services, { ...confirmed, password: password ?? '' });
      return { ...OK, message: 'The password was changed' };
    });
    registerRoute(app, accountRoutes.deleteUser, async ({ ctx, body, request }) => {
      const { endings, placesOf } = hooks;
      await deleteUser(ctx, services, { password: body.password, address: request.ip, endings, placesOf });
      return { ...OK, message: 'The account was deleted' };
    });
    registerRoute(app, accountRoutes.requestPasswordReset, ({ ctx, body }) => {
      requestPasswordReset(ctx, services, body.username);
      return { ...OK, message: 'If that address has an account, a mail is on its way' };
    });
    registerRoute(app, accountRoutes.resetPassword, async ({ ctx, body, request }) => {
      recognize(request, await resetPassword(ctx, services, body));
      return { ...OK, message: 'The password was changed; log in with it' };
    });
    registerRoute(app, accountRoutes.listUsers, async ({ ctx, query }) => {
      const perPage = query.perPage ?? query.per_page ?? DEFAULT_PER_PAGE;
      const { users, total } = await listUsers(ctx, query.page ?? 1, perPage);
      return { users: users.map(renderUser), meta: { total_pages: Math.ceil(total / perPage) } };
    });
    registerRoute(app, accountRoutes.inviteUser, async ({ ctx, body, reply }) => {
      const { username, account_info: info } = body;
      const user = await inviteUser(ctx, services, { username, accountInfo: given(info ?? {}) });
      reply.code(201);
      const message = 'A mail with a link to choose a password is on its way';
      return { ...OK, message, id: user.id, username: user.username };
    });
  };
}

/** Who a token is for, as far as it is for somebody. @throws DomainError `permission_denied` for a product's. */
function identityOf(actor: TokenActor): { readonly id: string; readonly username: string } {
  switch (actor.kind) {
    case 'user':
      return { id: actor.userId, username: actor.username };
    case 'customer':
      return { id: actor.customerId, username: actor.username };
    case 'api_user':
      return { id: actor.apiUserId, username: actor.username };
    case 'product':
      throw permissionDenied();
  }
}

async function countOwnDevices(ctx: TokenContext, hooks: AccountHooks) {
  const { actor } = ctx;
  if (actor.kind !== 'user' && actor.kind !== 'customer') return { wifi: 0, cellular: 0 };
  return hooks.countDevices({ ...ctx, actor });
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Only the fields that were sent. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

function renderUser(user: User) {
  return {
    id: user.id,
    username: user.username,
    operator: user.operator,
    email_verified: user.emailVerifiedAt !== null,
    no_password: !user.hasPassword,
    mfa: { enabled: user.mfaEnabled },
    created_at: formatTimestamp(user.createdAt),
  };
}

function requiredPassword(password: string | undefined): string {
  if (password !== undefined && password !== '') return password;
  throw new DomainError('invalid', 'invalid_request', 'current_password is missing');
}

function oneOfThree(): DomainError {
  return new DomainError('invalid', 'invalid_request', 'Send one of account_info, username and password');
}
