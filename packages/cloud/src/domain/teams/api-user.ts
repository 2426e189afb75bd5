import { isScope, type Scope } from '@cloudchamber/contract';
import { permissionsOf } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import type { Team, TeamContext } from './team.ts';

/** A program with one token that never expires and scopes of its own (API-21). */
export interface ApiUser {
  readonly id: string;
  /** Unique over the whole cloud; looks like an e-mail address, and is none. */
  readonly username: string;
  readonly friendlyName: string;
  readonly scopes: readonly string[];
  readonly team: Team;
}

/** An API user with its token, which is shown once. */
export interface ApiUserWithToken {
  readonly apiUser: ApiUser;
  /** Undefined when its token stays the one that it was. */
  readonly token: string | undefined;
}

const LONGEST_NAME = 100;

/** @throws DomainError `invalid` for an empty or very long name. */
export function parseFriendlyName(text: string): string {
  const name = text.trim().replace(/\s+/g, ' ');
  if (name.length > 0 && name.length <= LONGEST_NAME) return name;
  throw new DomainError('invalid', 'invalid_request', `friendly_name must have 1 to ${LONGEST_NAME} characters`);
}

/**
 * The scopes that an API user shall have, each once.
 * @throws DomainError `invalid` that names those which do not exist, and when there are none; `permission_denied` for those which the caller lacks.
 */
export function parseScopes(ctx: TeamContext, given: readonly string[]): Scope[] {
  const words = [...new Set(given.map((scope) => scope.trim()).filter((scope) => scope !== ''))];
  if (words.length === 0) {
    throw new DomainError(
      'invalid',
      'invalid_request',
      'scopes must name at least one permission, such as devices:list',
    );
  }
  const unknown = words.filter((scope) => !isScope(scope));
  if (unknown.length > 0) {
    const named = unknown.slice(0, 5).map((scope) => scope.slice(0, 60));
    throw new DomainError('invalid', 'invalid_scope', `There is no scope called ${named.join(', ')}`);
  }
  const scopes = words.filter(isScope);
  requirePermissions(ctx, scopes, 'give');
  return scopes;
}

/**
 * Whoever hands a permission to somebody, or takes over a token that has it, must have it himself.
 * @throws DomainError `permission_denied` that names what is missing.
 */
export function requirePermissions(ctx: TeamContext, scopes: Iterable<string>, verb: 'give' | 'change'): void {
  const own = permissionsOf(ctx.actor, ctx.role);
  const missing = [...scopes].filter((scope) => !own.has(scope));
  if (missing.length === 0) return;
  const named = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}`;
  const what =
    verb === 'give' ? 'You cannot give permissions that you do not have' : 'That member may do more than you';
  throw new DomainError('forbidden', 'permission_denied', `Permission denied: ${what} (${named})`);
}
