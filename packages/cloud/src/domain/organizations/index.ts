export { createOrganization, type OrganizationPolicy } from './create-organization.ts';
export { enterOrganization, organizationRole } from './enter-organization.ts';
export { findOwnedOrganizationNames, listOrganizations } from './list-organizations.ts';
export type { Organization, OrganizationContext } from './organization.ts';
export { findOrganization, findOrganizationsById } from './organization-store.ts';
export { removeOrganization } from './remove-organization.ts';
export { updateOrganization } from './update-organization.ts';
