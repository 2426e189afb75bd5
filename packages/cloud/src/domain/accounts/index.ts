export { type AccountServices, createAccountServices } from './account-services.ts';
export { actorOfToken } from './actor-of-token.ts';
export { authenticateClient, type ClientCredentials, invalidClient } from './authenticate-client.ts';
export { allowClient, allowClientAs, denyClient } from './authorize-client.ts';
export {
  type Authorization,
  type AuthorizationRequest,
  readAuthorization,
  refusalAddress,
} from './authorize-request.ts';
export { type Credentials, checkPassword, LONGEST_PASSWORD, wrongCredentials } from './check-password.ts';
export { checkToken } from './check-token.ts';
export { isFullScope, parseClientScope } from './client-scopes.ts';
export type { ClientOwner } from './client-store.ts';
export { createClient, deleteClient, listClients, type OauthClient, updateClient } from './clients.ts';
export {
  CONSOLE_SESSION_LIFETIME,
  type ConsoleSession,
  endConsoleSession,
  findConsoleSession,
  openConsoleSession,
  renewConsoleSession,
} from './console-session.ts';
export { checkNewPassword, createUser } from './create-user.ts';
export { deleteUser, type UserEnd } from './delete-user.ts';
export { ensureOperator } from './ensure-operator.ts';
export { FirstRun } from './first-run.ts';
export type { CustomerGrants, GrantCustomer, LoggedInCustomer } from './grant-request.ts';
export { grantToken } from './grant-token.ts';
export { inviteUser } from './invite-user.ts';
export { type IssuedToken, issueToken } from './issue-token.ts';
export { getCurrentToken, listTokens } from './list-tokens.ts';
export { listUsers } from './list-users.ts';
export type { LoginAttempt } from './login-throttle.ts';
export {
  invalidMailToken,
  keepMailToken,
  mayMailAgain,
  newMailToken,
  peekMailToken,
  takeMailToken,
} from './mail-token.ts';
export { disableMfa, disableMfaOf, enableMfa, offerMfa } from './mfa-enable.ts';
export { passwordMark } from './password-mark.ts';
export { isResetToken, requestPasswordReset, resetPassword } from './reset-password.ts';
export {
  announce,
  deleteTokensOf,
  revokeCurrentToken,
  revokePresentedToken,
  revokeTokenById,
  revokeTokensOf,
} from './revoke-tokens.ts';
export { digest, newId, newSecret } from './secrets.ts';
export { type SignupPolicy, signUp } from './sign-up.ts';
export { subjectIdOf } from './token-actor.ts';
export { deleteTokensOfMany, type TokenSubject } from './token-store.ts';
export { subjectsTopic, tokensTopic } from './token-topic.ts';
export { changePassword, changeUsername, updateAccountInfo } from './update-user.ts';
export { findUserByName, getUser, type User } from './user.ts';
export { findUserNames } from './user-names-store.ts';
export { lockUser } from './user-store.ts';
export { requestVerification, verifyEmail } from './verify-email.ts';
export { verifySecondFactor } from './verify-second-factor.ts';
