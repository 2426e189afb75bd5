import type { Clock, Entropy, Logger } from '@cloudchamber/kernel';
import type { Store } from '../store/store.ts';

/** Who is asking. */
export type Actor =
  | UserActor
  | CustomerActor
  | ProductActor
  | ApiUserActor
  /** The cloud itself: start-up, jobs, devices' own traffic. */
  | { readonly kind: 'system' };

/** An account. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: string;
  /** The account's e-mail, lower case. */
  readonly username: string;
  /** The token that was presented. */
  readonly tokenId: string;
  /** May run operator routes. */
  readonly operator: boolean;
}

/** An end user of a product, who owns devices of that product and may do nothing else. */
export interface CustomerActor {
  readonly kind: 'customer';
  readonly customerId: string;
  /** E-mail or whatever identifies the customer. */
  readonly username: string;
  readonly productId: number;
  readonly tokenId: string;
}

/** A product's own token, from one of its OAuth clients (API-23). */
interface ProductActor {
  readonly kind: 'product';
  readonly productId: number;
  readonly clientId: string;
  /** It may do no more than this role, which whoever made its client had. */
  readonly role: ProductTokenRole;
  /** What the client is limited to; null for everything that the role includes. */
  readonly scopes: readonly string[] | null;
  readonly tokenId: string;
}

/** Roles that a product's token can stand for: an owner's clients act as an administrator. */
export type ProductTokenRole = 'Administrator' | 'Developer';

/** A program of a product or an organization, with the scopes that it was given (API-21). */
export interface ApiUserActor {
  readonly kind: 'api_user';
  readonly apiUserId: string;
  readonly username: string;
  readonly teamKind: 'product' | 'organization';
  /** The organization's id, or the product's number as text. */
  readonly teamId: string;
  readonly scopes: readonly string[];
  readonly tokenId: string;
}

/** Whoever came with a token. */
export type TokenActor = Exclude<Actor, { kind: 'system' }>;

/** Whoever can own devices. */
export type OwnerActor = UserActor | CustomerActor;

/** @returns what `devices.owner_id` holds for this owner. */
export function ownerIdOf(actor: OwnerActor): string {
  return actor.kind === 'user' ? actor.userId : actor.customerId;
}

/** What every verb gets besides its input. Order inside a verb: authorise, parse, open or join the transaction, act, record. */
export interface Context {
  readonly actor: Actor;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
}

/** A `Context` before anybody is known: logging in, signing up, presenting a token. */
export type Ambient = Omit<Context, 'actor'>;

/** A `Context` of whoever came with a token. */
export type TokenContext = Ambient & { readonly actor: TokenActor };

/** A `Context` whose actor is an account. */
export type UserContext = Ambient & { readonly actor: UserActor };

/** A `Context` whose actor can own devices. */
export type OwnerContext = Ambient & { readonly actor: OwnerActor };
