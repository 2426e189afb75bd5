/** The roles that a member can be given, strongest first. */
export const ROLES = ['Administrator', 'Developer', 'Support', 'View-only'] as const;
export type Role = (typeof ROLES)[number];
