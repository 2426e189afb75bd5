import type { Kysely } from 'kysely';
import type { Tables } from '../../../store/index.ts';

interface GroupOfProduct {
  readonly productId: number;
  readonly name: string;
}

/** What else goes with a group. Both are called inside the transaction, behind the product's lock and before the change; what they throw prevents it. */
export interface GroupFollower {
  renaming(db: Kysely<Tables>, group: GroupOfProduct, to: string): Promise<void>;
  /** @param at ms UTC. @returns what runs after the commit, to tell others */
  removing(db: Kysely<Tables>, group: GroupOfProduct, at: number): Promise<() => void>;
}
