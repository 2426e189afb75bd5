import type { Output } from '@cloudchamber/contract';
import type { UserEnd } from '../../domain/accounts/index.ts';
import type { OwnerContext, TokenContext } from '../../domain/context.ts';

/** What the routes of accounts ask of domains that stand above accounts. */
export interface AccountHooks {
  /** How many devices the caller owns, by what they connect with. */
  countDevices(ctx: OwnerContext): Promise<{ readonly wifi: number; readonly cellular: number }>;
  /** The teams that an account has accepted to be in, as they stand in a reply. */
  memberships(ctx: TokenContext, userId: string): Promise<readonly Output<'getUser'>['memberships'][number][]>;
  /** The organizations that the caller is in. */
  organizations(ctx: TokenContext): Promise<readonly { readonly id: string; readonly slug: string }[]>;
  readonly placesOf: UserEnd['placesOf'];
  readonly endings: UserEnd['endings'];
}
