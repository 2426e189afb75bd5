import { defineTopic } from '../../bus/index.ts';

/** Tokens that stopped working before their time: caches drop them, streams opened with them end. */
export interface TokensRevoked {
  /** The account, customer, API user, or the product's number as text. */
  readonly subjectId: string;
  /** Ids of access tokens. */
  readonly tokenIds: readonly string[];
}

export const tokensTopic = defineTopic<TokensRevoked>('tokens');

/** What a token says of its subject has changed, such as its name: caches read it anew. */
export interface SubjectChanged {
  readonly subjectId: string;
}

export const subjectsTopic = defineTopic<SubjectChanged>('subjects');
