import type { Bus } from '../../bus/index.ts';
import type { Actor, Context } from '../context.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { TokenDirectory } from './token-directory.ts';

export type UserActor = Extract<Actor, { kind: 'user' }>;

/** A `Context` before anybody is known: logging in, signing up, presenting a token. */
export type Ambient = Omit<Context, 'actor'>;

/** A `Context` whose actor is an account. */
export type UserContext = Ambient & { readonly actor: UserActor };

/** The parts with a life of their own that the verbs of accounts share; one set per process. */
export interface AccountServices {
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly tokens: TokenDirectory;
  readonly bus: Bus;
}
