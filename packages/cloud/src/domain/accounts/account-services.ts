import type { Bus } from '../../bus/index.ts';
import type { SecretBox } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import type { Mailer } from '../mail/index.ts';
import { Aside } from './aside.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordHasher, type PasswordHasherOptions } from './password-hasher.ts';
import type { SignupPolicy } from './sign-up.ts';
import { TokenDirectory } from './token-directory.ts';

/** The parts with a life of their own that the verbs of accounts share; one set per process. */
export interface AccountServices {
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly tokens: TokenDirectory;
  readonly bus: Bus;
  readonly signup: SignupPolicy;
  readonly mailer: Mailer;
  /** Seals what must be readable again, such as TOTP secrets. */
  readonly secrets: SecretBox;
  /** Where people reach this server, without a slash at the end: links in mails start with it (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
  /** Work that replies don't wait for, such as mails that nobody may learn of. */
  readonly aside: Aside;
}

type Given = Pick<AccountServices, 'bus' | 'signup' | 'mailer' | 'secrets' | 'publicUrl'>;

/** @param options.passwords cheaper costs for tests; the default is right everywhere else. */
export function createAccountServices(
  ctx: Pick<Ambient, 'store' | 'clock' | 'log'>,
  options: Given & { readonly passwords?: PasswordHasherOptions },
): AccountServices {
  const { passwords, ...given } = options;
  return {
    ...given,
    hasher: new PasswordHasher(passwords),
    throttle: new LoginThrottle(ctx.clock),
    aside: new Aside(ctx.log),
    tokens: new TokenDirectory(ctx.store, ctx.clock, options.bus),
  };
}
