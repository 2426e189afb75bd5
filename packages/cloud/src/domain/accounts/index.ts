export {
  type AccountServices,
  type Ambient,
  createAccountServices,
  type UserActor,
  type UserContext,
} from './account-services.ts';
export { type Credentials, checkPassword } from './check-password.ts';
export { checkToken } from './check-token.ts';
export { createClient, deleteClient, listClients, type NewClient, type OauthClient, updateClient } from './clients.ts';
export { createUser, type NewUser } from './create-user.ts';
export { ensureOperator } from './ensure-operator.ts';
export { type GrantRequest, grantToken } from './grant-token.ts';
export { type IssuedToken, issueToken, type TokenRequest } from './issue-token.ts';
export { getCurrentToken, listTokens, type TokenInfo } from './list-tokens.ts';
export type { PasswordHasherOptions } from './password-hasher.ts';
export {
  revokeAllTokens,
  revokeCurrentToken,
  revokePresentedToken,
  revokeTokenById,
} from './revoke-tokens.ts';
export { type SignupPolicy, signUp } from './sign-up.ts';
export { type TokensRevoked, tokensTopic } from './token-topic.ts';
export { type AccountInfo, findUserByName, getUser, type User } from './user.ts';
