export { apiUserRefused, permissionDenied, roleTooWeak } from './permission-errors.ts';
export { permissionsOf } from './permissions-of.ts';
export { GIVEN_ROLES, type Role, scopesOfRole, strongerRole } from './roles.ts';
