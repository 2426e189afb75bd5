import type { Entropy } from '@cloudchamber/kernel';
import { type AccountServices, issueToken, newId } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { type ApiUser, type ApiUserWithToken, parseFriendlyName, parseScopes } from './api-user.ts';
import { countApiUsers, insertApiUser } from './api-user-store.ts';
import type { TeamContext } from './team.ts';
import { lockTeam } from './team-store.ts';

const MOST_API_USERS = 100;
const NAME_DIGITS = 10;

export interface NewApiUser {
  readonly friendlyName: string;
  readonly scopes: readonly string[];
}

/**
 * Makes an API user with its token (API-21). The caller has entered with teams.users:invite.
 * @throws DomainError `invalid_request`, `invalid_scope`; `permission_denied` for scopes that the caller lacks; `too_many_api_users`.
 */
export async function createApiUser(
  ctx: TeamContext,
  services: Pick<AccountServices, 'publicUrl'>,
  input: NewApiUser,
): Promise<ApiUserWithToken> {
  const { team } = ctx;
  const friendlyName = parseFriendlyName(input.friendlyName);
  const scopes = parseScopes(ctx, input.scopes);
  const username = `${slugOf(friendlyName)}+${nameDigits(ctx.entropy)}@api.${hostOf(services.publicUrl)}`;
  const apiUser: ApiUser = {
    id: newId(ctx.entropy),
    username,
    friendlyName,
    scopes,
    team: { kind: team.kind, id: team.id },
  };
  return ctx.store.db.transaction().execute(async (db) => {
    if (!(await lockTeam(db, team))) throw permissionDenied();
    if ((await countApiUsers(db, team)) >= MOST_API_USERS) throw tooMany();
    await insertApiUser(db, {
      id: apiUser.id,
      username,
      friendly_name: friendlyName,
      scopes: JSON.stringify(scopes),
      team_kind: team.kind,
      team_id: team.id,
      created_at: ctx.clock.now(),
    });
    const { accessToken } = await issueToken(ctx, db, apiUserToken(apiUser));
    return { apiUser, token: accessToken };
  });
}

/** One token that never expires and brings no other. */
export function apiUserToken({ id }: Pick<ApiUser, 'id'>) {
  return { subject: { kind: 'api_user' as const, id }, clientId: 'api-user', lifetimeSeconds: 0, withRefresh: false };
}

/** A friendly name as the first part of a username. */
function slugOf(friendlyName: string): string {
  const slug = friendlyName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'api-user' : slug;
}

/** Ten base-36 digits: 51 bits, so that a name is not guessed and not met twice. */
function nameDigits(entropy: Entropy): string {
  const number = entropy.bytes(8).readBigUInt64BE() % 36n ** BigInt(NAME_DIGITS);
  return number.toString(36).padStart(NAME_DIGITS, '0');
}

function hostOf(publicUrl: string): string {
  return new URL(publicUrl).hostname.replace(/[^a-z0-9.-]+/gi, '-').replace(/^-|-$/g, '');
}

function tooMany(): DomainError {
  const message = `A team has at most ${MOST_API_USERS} API users; remove one first`;
  return new DomainError('conflict', 'too_many_api_users', message);
}
