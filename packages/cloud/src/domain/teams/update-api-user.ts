import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { type AccountServices, announce, deleteTokensOf, issueToken } from '../accounts/index.ts';
import { DomainError } from '../domain-error.ts';
import { type ApiUser, type ApiUserWithToken, parseFriendlyName, parseScopes, requirePermissions } from './api-user.ts';
import { changeApiUser, findApiUser } from './api-user-store.ts';
import { apiUserToken } from './create-api-user.ts';
import type { TeamContext } from './team.ts';
import { apiUserNotFound, changedMeanwhile } from './team-errors.ts';

type Services = Pick<AccountServices, 'tokens' | 'bus'>;

export interface ApiUserChange {
  readonly friendlyName?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/**
 * Renames an API user, or gives it other scopes; then its token stops working and the reply has a new one. The caller has entered with teams.users:update.
 * @throws DomainError `api_user_not_found`, `invalid_request`, `invalid_scope`, `permission_denied` when old or new scopes go beyond the caller's.
 */
export async function updateApiUser(
  ctx: TeamContext,
  services: Services,
  username: string,
  change: ApiUserChange,
): Promise<ApiUserWithToken> {
  if (change.friendlyName === undefined && change.scopes === undefined) {
    throw new DomainError('invalid', 'invalid_request', 'Name what to change: friendly_name, scopes or both');
  }
  const before = await getApiUser(ctx, username);
  const friendlyName = change.friendlyName === undefined ? before.friendlyName : parseFriendlyName(change.friendlyName);
  const scopes = change.scopes === undefined ? before.scopes : parseScopes(ctx, change.scopes);
  const replaced = !sameScopes(before.scopes, scopes);
  const apiUser = { ...before, friendlyName, scopes };
  return withNewToken(ctx, services, apiUser, async (db) => {
    if (!(await changeApiUser(db, before, apiUser))) throw changedMeanwhile();
    return replaced;
  });
}

/**
 * Replaces the token of an API user: the old one stops working at once. The caller has entered with teams.users:update.
 * @throws DomainError `api_user_not_found`, `permission_denied` when its scopes go beyond the caller's.
 */
export async function renewApiUserToken(
  ctx: TeamContext,
  services: Services,
  username: string,
): Promise<ApiUserWithToken> {
  const apiUser = await getApiUser(ctx, username);
  return withNewToken(ctx, services, apiUser, async (db) => {
    // Writing what is there holds the row: of two renewals at once the second one revokes the token of the first.
    if (!(await changeApiUser(db, apiUser, apiUser))) throw changedMeanwhile();
    return true;
  });
}

async function withNewToken(
  ctx: TeamContext,
  services: Services,
  apiUser: ApiUser,
  change: (db: Kysely<Tables>) => Promise<boolean>,
): Promise<ApiUserWithToken> {
  const { revoked, token } = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await change(db))) return { revoked: [], token: undefined };
    const revoked = await deleteTokensOf(db, { kind: 'api_user', id: apiUser.id });
    const { accessToken } = await issueToken(ctx, db, apiUserToken(apiUser));
    return { revoked, token: accessToken };
  });
  announce(services, revoked);
  return { apiUser, token };
}

/** The API user of that name, for somebody who may do all that it may. */
async function getApiUser(ctx: TeamContext, username: string): Promise<ApiUser> {
  const apiUser = await findApiUser(ctx.store.db, ctx.team, username.trim().toLowerCase());
  if (apiUser === undefined) throw apiUserNotFound();
  requirePermissions(ctx, apiUser.scopes, 'change');
  return apiUser;
}

function sameScopes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((scope) => other.includes(scope));
}
