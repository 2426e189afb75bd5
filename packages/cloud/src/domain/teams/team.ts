import { defineTopic } from '../../bus/index.ts';
import type { Role } from '../authorization/index.ts';
import type { Ambient, TokenActor } from '../context.ts';

/** A product's or an organization's team. */
export interface Team {
  readonly kind: 'product' | 'organization';
  /** The organization's id, or the product's number as text. */
  readonly id: string;
}

/** A team as the verbs need it. */
interface TeamPlace extends Team {
  /** The name of the product or organization, for mails. */
  readonly name: string;
  /** The account that owns the place; undefined for a product of an organization, whose owner is in that organization's team. */
  readonly ownerId: string | undefined;
  /** The most people that it may have, invited ones and the owner counted; 0 for no limit (PRD-09). */
  readonly limit: number;
}

/** A `Context` of somebody who has entered the team's place with the scope that the verb takes. */
export type TeamContext = Ambient & {
  readonly actor: TokenActor;
  readonly team: TeamPlace;
  /** The caller's role; undefined for tokens of the product and for API users. */
  readonly role: Role | undefined;
};

/** Somebody lost a role or got another one: streams that were opened with it end, caches forget it. */
export interface TeamChange extends Team {
  /** The account, or the API user. */
  readonly memberId: string;
}

export const teamChanges = defineTopic<TeamChange>('teams');
