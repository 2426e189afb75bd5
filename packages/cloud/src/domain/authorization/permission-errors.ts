import type { Scope } from '@cloudchamber/contract';
import { DomainError } from '../domain-error.ts';
import type { Role } from './roles.ts';

/** A product or organization that the caller has no part in: one that does not exist looks the same (design section 9.6). */
export const permissionDenied = () => new DomainError('forbidden', 'permission_denied', 'Permission denied');

/** A member whose role is too weak. It knows that the place exists. */
export const roleTooWeak = (role: Role, scope: Scope) =>
  new DomainError('forbidden', 'permission_denied', `Permission denied: ${role} does not include ${scope}`);

/** Section 3.3 of the API notes. */
export const apiUserRefused = () =>
  new DomainError('invalid', 'unauthorized', 'API users are not allowed to call this endpoint');
