/** An account. */
export interface UserRow {
  /** 24 hex digits. */
  id: string;
  /** The e-mail address in lower case. */
  username: string;
  /** argon2id, in the PHC string format; empty while the account has no password. */
  password_hash: string;
  /** JSON: first_name, last_name, company_name, business_account. */
  account_info: string;
  /** 1 for those who may run operator routes. */
  operator: number;
  created_at: number;
  /** When the owner of the address proved to be one; null before that. */
  email_verified_at: number | null;
  /** The TOTP secret, sealed; null when there is none. */
  mfa_secret: Uint8Array | null;
  /** Since when a log-in takes a code; null while it takes none. */
  mfa_enabled_at: number | null;
  /** The time step of the last code that was taken: none is taken twice. */
  mfa_last_step: number | null;
}

/** One of the codes that stand in for a lost authenticator, each good once. */
interface MfaRecoveryCodeRow {
  user_id: string;
  /** SHA-256, hex. */
  code_hash: string;
  used_at: number | null;
}

/** What a link in a mail carries. */
export interface MailTokenRow {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  purpose: 'verify_email' | 'reset_password' | 'reset_customer_password';
  /** The account or customer that it was sent for. */
  subject_id: string;
  /** JSON, by purpose. */
  payload: string | null;
  created_at: number;
  expires_at: number;
}

/** An OAuth client of an account or of a product. The built-in ones are in the program. */
export interface OauthClientRow {
  id: string;
  /** Null for a product's. */
  user_id: string | null;
  /** Null for an account's. */
  product_id: number | null;
  name: string;
  type: 'installed' | 'web';
  /** SHA-256 of the secret, hex. */
  secret_hash: string;
  redirect_uri: string | null;
  scope: string | null;
  /** Of a product's: the role of whoever gave it its scope, which its tokens don't go beyond. */
  role: 'Administrator' | 'Developer' | null;
  created_at: number;
}

/** Who acts with a token: an account, a customer, a product itself, an API user. */
export type TokenSubjectKind = 'user' | 'customer' | 'product' | 'api_user';

export interface AccessTokenRow {
  id: string;
  /** SHA-256 of the token, hex. */
  token_hash: string;
  subject_kind: TokenSubjectKind;
  /** Of an account, customer or API user; of a product its number as text. */
  subject_id: string;
  /** Of a product's token: the scope of the client, space-separated, null for all. */
  scope: string | null;
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
  subject_kind: TokenSubjectKind;
  subject_id: string;
  scope: string | null;
  client_id: string;
  grant_id: string;
  /** Lifetime of the access tokens that it brings; 0 for never ending. */
  access_lifetime_seconds: number;
  created_at: number;
  expires_at: number;
  /** Set by the one use that it is good for; kept so that a second use is noticed. */
  used_at: number | null;
}

/** What the consent page gives to a client (RFC 6749 section 4.1). */
export interface AuthorizationCodeRow {
  /** SHA-256 of the code, hex. */
  code_hash: string;
  client_id: string;
  user_id: string;
  redirect_uri: string;
  /** 1 when the request named it, so that the exchange must name it too. */
  redirect_uri_given: number;
  /** S256 (RFC 7636). */
  code_challenge: string | null;
  scope: string | null;
  /** Shared with the tokens that it brings, so that a second use can revoke them. */
  grant_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

/** The tables of migrations 0002 and 0008: accounts, tokens, clients. */
export interface AccountsTables {
  users: UserRow;
  oauth_clients: OauthClientRow;
  access_tokens: AccessTokenRow;
  refresh_tokens: RefreshTokenRow;
  mfa_recovery_codes: MfaRecoveryCodeRow;
  mail_tokens: MailTokenRow;
  authorization_codes: AuthorizationCodeRow;
}
