import type { Ambient } from '../context.ts';
import type { AccountServices } from './account-services.ts';
import { createUser } from './create-user.ts';
import { findUserByName, type User } from './user.ts';
import { grantOperator } from './user-store.ts';

/**
 * At start: makes the operator's account when it is missing; whoever runs the server vouches for its address. One that exists becomes an operator and keeps its password.
 * @throws DomainError `invalid` for a bad e-mail address or password.
 */
export async function ensureOperator(
  ctx: Pick<Ambient, 'store' | 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher'>,
  input: { readonly username: string; readonly password: string },
): Promise<User> {
  const existing = (await findUserByName(ctx, input.username)) ?? (await createOperator(ctx, services, input));
  if (!existing.operator) await grantOperator(ctx.store.db, existing.id);
  return { ...existing, operator: true };
}

/** Two processes may start at the same time: the one that comes second finds the account of the first. */
async function createOperator(
  ctx: Pick<Ambient, 'store' | 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher'>,
  input: { readonly username: string; readonly password: string },
): Promise<User> {
  try {
    return await createUser(ctx, services, { ...input, operator: true, emailVerified: true });
  } catch (error) {
    const existing = await findUserByName(ctx, input.username);
    if (existing === undefined) throw error;
    return existing;
  }
}
