import { defineTopic } from '../../bus/index.ts';

/** Tokens that stopped working before their time: caches drop them, streams opened with them end. */
export interface TokensRevoked {
  readonly userId: string;
  /** Ids of access tokens. */
  readonly tokenIds: readonly string[];
}

export const tokensTopic = defineTopic<TokensRevoked>('tokens');
