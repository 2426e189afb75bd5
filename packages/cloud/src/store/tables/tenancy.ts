import type { Generated } from 'kysely';

export interface OrganizationRow {
  /** 24 hex digits. */
  id: string;
  slug: string;
  name: string;
  /** The account that cannot be removed from the team. */
  owner_id: string;
  created_at: number;
  updated_at: number;
}

export interface ProductRow {
  /** From 1000 up to 65535, never reused. */
  id: Generated<number>;
  name: string;
  /** The name without case and with single spaces: unique over the whole cloud (PRD-02). */
  name_key: string;
  slug: string;
  description: string;
  platform_id: number;
  owner_kind: 'user' | 'organization';
  owner_id: string;
  /** JSON of `ProductSettings`. */
  settings: string;
  created_at: number;
  updated_at: number;
}

/** A place that has a team: a product (`team_id` is its number as text) or an organization. */
type TeamKind = 'product' | 'organization';

export interface TeamMemberRow {
  team_kind: TeamKind;
  team_id: string;
  user_id: string;
  /** The name of a `Role`; the owner of a product or organization has no row. */
  role: string;
  state: 'invited' | 'accepted';
  invited_by: string | null;
  created_at: number;
  accepted_at: number | null;
}

/** A program with a token of its own (API-21). */
export interface ApiUserRow {
  id: string;
  username: string;
  friendly_name: string;
  /** JSON array of scopes. */
  scopes: string;
  team_kind: TeamKind;
  team_id: string;
  created_at: number;
}

/** An end user of a product (PRD-16 to PRD-19). Owns devices as an account does. */
export interface CustomerRow {
  /** 24 hex digits, shared name space with accounts: `devices.owner_id` holds either. */
  id: string;
  product_id: number;
  /** E-mail or any other unique text, as it was given except for e-mails, which are in lower case. */
  username: string;
  full_name: string | null;
  /** argon2id; null for a shadow customer. */
  password_hash: string | null;
  /** The account that is linked to it, in the OAuth mode. */
  user_id: string | null;
  created_at: number;
}

/** Who did what. Nothing refers to it, and it refers to nothing: it outlives what it tells of. */
export interface AuditEntryRow {
  sequence: Generated<number>;
  at: number;
  actor_kind: string;
  actor_id: string | null;
  /** The actor's name at that time. */
  actor_name: string | null;
  /** The account that it was done to, where the request names one. */
  subject_id: string | null;
  address: string;
  /** The route's operation, such as `removeProductDevice`. */
  operation: string;
  /** JSON: the parameters of the path and the names of the fields that were sent, never their values. */
  object: string;
  product_id: number | null;
  organization_id: string | null;
  request_id: string;
}

/** The tables of migration 0008 that belong to products, organizations, teams, customers and the audit log. */
export interface TenancyTables {
  organizations: OrganizationRow;
  products: ProductRow;
  team_members: TeamMemberRow;
  api_users: ApiUserRow;
  customers: CustomerRow;
  audit_entries: AuditEntryRow;
}
