import { GIVEN_ROLES, type Role } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';

const NAMES: readonly Role[] = ['Owner', ...GIVEN_ROLES];

/**
 * The role that a request names, compared without case; spaces and underscores count as hyphens.
 * @throws DomainError `invalid` that lists the roles; `Owner` cannot be given.
 */
export function parseRole(text: string): Role {
  const key = keyOf(text);
  const role = NAMES.find((name) => keyOf(name) === key);
  if (role === undefined) {
    throw new DomainError('invalid', 'invalid_role', `role must be one of ${NAMES.join(', ')}`);
  }
  if (role === 'Owner') {
    throw new DomainError('invalid', 'invalid_role', `Owner cannot be given: role must be ${GIVEN_ROLES.join(', ')}`);
  }
  return role;
}

function keyOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
