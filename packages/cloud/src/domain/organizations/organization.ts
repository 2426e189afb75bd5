import type { Scope } from '@cloudchamber/contract';
import type { Role } from '../authorization/index.ts';
import type { Ambient, TokenActor } from '../context.ts';

export interface Organization {
  /** 24 hex digits. */
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** The account that cannot be removed from the team. */
  readonly ownerId: string;
  /** ms UTC */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A `Context` of somebody who may do `scope` in the organization. `enterOrganization` is the only maker. */
export type OrganizationContext = Ambient & {
  readonly actor: TokenActor;
  readonly organization: Organization;
  readonly scope: Scope;
  /** The caller's role; undefined for an API user. */
  readonly role: Role | undefined;
};
