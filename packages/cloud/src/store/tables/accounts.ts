/** An account. */
export interface UserRow {
  /** 24 hex digits. */
  id: string;
  /** The e-mail address in lower case. */
  username: string;
  /** argon2id, in the PHC string format. */
  password_hash: string;
  /** JSON: first_name, last_name, company_name, business_account. */
  account_info: string;
  /** 1 for those who may run operator routes. */
  operator: number;
  created_at: number;
}

/** An OAuth client that a user made. The built-in ones are in the program. */
export interface OauthClientRow {
  id: string;
  user_id: string;
  name: string;
  type: 'installed' | 'web';
  /** SHA-256 of the secret, hex. */
  secret_hash: string;
  redirect_uri: string | null;
  scope: string | null;
  created_at: number;
}

export interface AccessTokenRow {
  id: string;
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  client_id: string;
  /** The log-in that it comes from: shared with its refresh tokens and their successors. */
  grant_id: string;
  created_at: number;
  /** Null for never. */
  expires_at: number | null;
}

export interface RefreshTokenRow {
  id: string;
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  client_id: string;
  grant_id: string;
  /** Lifetime of the access tokens that it brings; 0 for never ending. */
  access_lifetime_seconds: number;
  created_at: number;
  expires_at: number;
  /** Set by the one use that it is good for; kept so that a second use is noticed. */
  used_at: number | null;
}

/** The tables of migration 0002: users, tokens, clients. */
export interface AccountsTables {
  users: UserRow;
  oauth_clients: OauthClientRow;
  access_tokens: AccessTokenRow;
  refresh_tokens: RefreshTokenRow;
}
