export {
  type AccountServices,
  type Ambient,
  createAccountServices,
  type UserActor,
  type UserContext,
} from './account-services.ts';
export { checkPassword } from './check-password.ts';
export { checkToken } from './check-token.ts';
export { createClient, deleteClient, listClients, type OauthClient, updateClient } from './clients.ts';
export { createUser } from './create-user.ts';
export { ensureOperator } from './ensure-operator.ts';
export { type GrantRequest, grantToken } from './grant-token.ts';
export { issueToken } from './issue-token.ts';
export { getCurrentToken, listTokens } from './list-tokens.ts';
export {
  revokeAllTokens,
  revokeCurrentToken,
  revokePresentedToken,
  revokeTokenById,
} from './revoke-tokens.ts';
export { type SignupPolicy, signUp } from './sign-up.ts';
export { tokensTopic } from './token-topic.ts';
export { findUserByName, getUser } from './user.ts';
