import type { Bus } from '../../bus/index.ts';
import type { Actor, Context } from '../context.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordHasher, type PasswordHasherOptions } from './password-hasher.ts';
import type { SignupPolicy } from './sign-up.ts';
import { TokenDirectory } from './token-directory.ts';

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
  readonly signup: SignupPolicy;
}

/** @param options.passwords cheaper costs for tests; the default is right everywhere else. */
export function createAccountServices(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  options: { readonly bus: Bus; readonly signup: SignupPolicy; readonly passwords?: PasswordHasherOptions },
): AccountServices {
  return {
    hasher: new PasswordHasher(options.passwords),
    throttle: new LoginThrottle(ctx.clock),
    tokens: new TokenDirectory(ctx.store, ctx.clock, options.bus),
    bus: options.bus,
    signup: options.signup,
  };
}
