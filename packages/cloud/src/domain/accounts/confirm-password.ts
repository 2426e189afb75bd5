import type { UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { checkPassword } from './check-password.ts';
import type { User } from './user.ts';

/**
 * Asks for the password of the caller's own account once more, before something that a stolen token alone must not do.
 * Wrong ones count as wrong log-ins.
 * @throws DomainError `invalid` (`invalid_grant`) when it is wrong, and what `checkPassword` throws besides.
 */
export async function confirmPassword(
  ctx: UserContext,
  services: Pick<AccountServices, 'hasher' | 'throttle'>,
  { password, address }: { readonly password: string; readonly address: string },
): Promise<User> {
  try {
    const user = await checkPassword(ctx, services, { username: ctx.actor.username, password, address });
    if (user.id === ctx.actor.userId) return user;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'invalid_grant')) throw error;
  }
  throw new DomainError('invalid', 'invalid_grant', 'The current password is wrong');
}
