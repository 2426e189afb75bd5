/** The tables of migration 0002: users, tokens, clients. */
export type AccountsTables = Record<never, never>;
