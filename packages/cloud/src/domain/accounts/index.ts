export type { AccountServices, Ambient, UserActor, UserContext } from './account-services.ts';
export type { KnownToken } from './token-directory.ts';
export { type TokensRevoked, tokensTopic } from './token-topic.ts';
export { type AccountInfo, findUserByName, getUser, type User } from './user.ts';
