import type { Clock, Entropy, Logger } from '@cloudchamber/kernel';
import type { Store } from '../store/store.ts';

/** Who is asking. Later issues add product tokens, customers and API users to this union. */
export type Actor =
  | {
      readonly kind: 'user';
      readonly userId: string;
      /** The account's e-mail, lower case. */
      readonly username: string;
      /** The token that was presented. */
      readonly tokenId: string;
      /** May run operator routes. */
      readonly operator: boolean;
    }
  /** The cloud itself: start-up, jobs, devices' own traffic. */
  | { readonly kind: 'system' };

/** What every verb gets besides its input. Order inside a verb: authorise, parse, open or join the transaction, act, record. */
export interface Context {
  readonly actor: Actor;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
}
