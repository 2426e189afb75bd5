import type { Actor } from '../context.ts';
import { type Role, scopesOfRole } from './roles.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Everything that somebody may do in a place that he has entered: by his role, or by the scopes of an API user or of a product's token. Nobody can
 * hand out what he does not have himself.
 * @param role the role of an account in that place
 */
export function permissionsOf(actor: Actor, role: Role | undefined): ReadonlySet<string> {
  switch (actor.kind) {
    case 'user':
      return role === undefined ? NONE : scopesOfRole[role];
    case 'api_user':
      return new Set(actor.scopes);
    case 'product': {
      const most: ReadonlySet<string> = scopesOfRole[actor.role];
      if (actor.scopes === null || actor.scopes.includes('*:*')) return most;
      return new Set(actor.scopes.filter((scope) => most.has(scope)));
    }
    default:
      return NONE;
  }
}
